"""Words that tell how far a thing is: a lexicon of English news."""

import re

from tracker.domain.claims import Status

_AUX = (
    r"(?:\b(?:has|have|had|is|are|was|were|am|been|be|being|also|already|now|just|since|still|currently|reportedly"
    r"|officially|formally|finally|\w+ly|not|yet)\s+)*"
)
_CALENDAR = (
    r"January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs"
    r"|Fri"
    r"|Satur|Sun)day"
)
_NO_DETERMINER = (
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\bthis )(?<!\bof )(?<!\bnew )"
    r"(?<!'s )"
)
_NOUN_BEFORE = r"(?<![a-z]an )(?<!ish )(?<!ench )(?<!ese )(?<!peace )"


def _any(words: str) -> re.Pattern[str]:
    """Compile alternatives with the auxiliaries before them, so that all verbs of one group start at one place."""
    return re.compile(rf"{_AUX}\b(?:{words})(?!\w)", re.IGNORECASE)


DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)(?! (?:bail|entry|access|permission|visas?|parole|asylum|the chance|them|him|her"
    r"|a)\b)|refut(?:e|es|ed|ing)|rebut(?:s|ted)?|debunk(?:s|ed|ing)?"
    r"|(?:reject|dismiss|disput|brush|contest|disavow|repudiat)(?:e|es|s|ed|ing)?(?: (?:aside|off))?(?: as| (?:the"
    r"|these|those|any|all|such"
    r"|a|an|his|her|its|their|\w+'s|\w+))?(?: \w+)?"
    r" (?:claims?|reports?|allegations?|accusations?|suggestions?|idea|notion|assertions?|rumou?rs?|statements?"
    r"|figures?|tolls?|numbers|estimates?|accounts?|findings?|versions?|narratives?|stor(?:y|ies)"
    r"|charges?|insinuations?|speculation|theory|false|untrue|baseless|unfounded|nonsense|fake|propaganda|lies?)"
    r"|(?:call|brand|label)(?:s|ed|ing|led)? (?:\w+ ){0,4}?(?:false|untrue|baseless|unfounded|fabricated|fake|nonsense"
    r"|a lie|lies"
    r"|a hoax)|rul(?:e|es|ed|ing)(?: \w+){0,3}? out|(?:no|without|lack of) (?:\w+ )?(?:evidence|truth|basis|proof"
    r"|foundation)|(?:is|are|was|were|as|be|been) (?:\w+ly )?(?:false|untrue|baseless|unfounded|fabricated|fake"
    r"|a hoax|a lie|lies|misleading|incorrect|wrong|nonsense|not true)"
    r"|declin(?:e|es|ed) (?!to (?:comment|say|elaborate|give|name|discuss|answer|speak|identify|be|respond|provide"
    r"|confirm|specify)|to \W?\d|to (?:about|around|nearly|almost|some|just|below|under|less|an?)\b|\w*\d|by|in|from"
    r"|for|sharply|slightly|further)(?:to|the|an?|his|her|its|their)"
    r"|refus(?:e|es|ed) (?!to (?:comment|say|elaborate|give|name|discuss|answer|be drawn))(?:to|the|an?|his|her|its"
    r"|their))\b",
    re.IGNORECASE,
)
_VERBS_DONE = (
    r"kills?|injures|wounds|wins?|loses?|reject(?:s)?|approves?|orders?|backs?|votes? (?:to|for|against|in)"
    r"|pass(?:es)?|arrests?|attacks?|hits?|strikes|fires|resigns|dies|elects?|defeats?|signs?|opens?|closes?"
    r"|ends?|upholds?|rules|sentences|jails?|frees|releases?|seizes?|captures?|destroys?|shoots?|bans?|imposes?"
    r"|lifts?|cuts?|raises?|joins?|leaves?|quits?|crashes|collapses|lands|arrives?|returns?|meets?|visits?"
    r"|takes?|makes?|gives?|gets?|offers?|rolls? out|comes|goes|shows|warns|tells|says|helps?|stages?|holds?|leads?"
    r"|faces|fails|survives|escapes|apologi[sz]es|admits|praises|condemns|slams|blasts|blocks?|grounds?|plunge|rise"
    r"|fall|soars?|slips?|tumbles?|flees?|storm|rescues?|evacuates?|expands?|shuts?|unites|agrees|moves|turns?"
    r"|brings?|pays?|spends?|writes|dismisses|fails|swears in|inaugurates|celebrates|marks|sends?|delivers?|reaches"
    r"|accepts?|names?|appoints?|grants?|awards?|expels?|suspects|detains?|charges|convicts|acquits|finds|breaks?"
    r"|beats?|falls|rises|drops|jumps|surges|plunges|hikes|slashes|lowers"
    r"|publishes|adopts?|ratif(?:y|ies)|completes?|finishes|sinks|explodes|erupts|topples|claims responsibility"
    r"|docks|undocks|splashes down|touches down|lifts off|buys|sells|acquires|merges|settles|fines|sues|files"
    r"|suspends?|receives?"
)
_IRREGULAR = (
    r"began|became|broke|brought|built|bought|came|caught|chose|drew|drove|fell|felt|fled|flew|fought|found|gave"
    r"|got|grew|held|hit|kept|knew|laid|led|left|lost|made|met|paid|put|ran|rose|sank|saw|sent|set|shot|shook"
    r"|sold|spent|spoke|stood|stole|struck|swore|took|taught|threw|told|went|withdrew|won|wore|wrote|cut|shut|split"
    r"|spread|quit|beat|burst|cast|undid|underwent|overtook|sought|slid|swept|tore|woke"
)
_PARTICIPLE = (
    r"(?:[a-z]{2,}ed|been|begun|become|broken|brought|built|bought|come|caught|chosen|drawn|driven|fallen|felt|fled"
    r"|flown|fought|found|given|got|gotten|gone|grown|held|hit|kept|known|laid|led|left|lost|made|met|paid|put|run"
    r"|risen|sunk"
    r"|seen|sent|set|shot|shaken|sold|spent|spoken|stood|stolen|struck|sworn|taken|taught|thrown|told|withdrawn|won"
    r"|worn|written|cut|shut|split|spread|quit|beaten|cast|undergone|overtaken|sought|swept|torn|done|said|had)"
)
_NOT_PAST = (
    r"(?!united|allied|armed|retired|so-called|unmanned|sacred|hundred|indeed|speed|advanced|limited|detailed"
    r"|masked|wounded soldiers|need|feed|seed|breed|exceed|succeed|proceed|red |bed |based|aged|named|called|dubbed"
    r"|related|alleged)"
)

MARKERS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    (
        Status.POSSIBLE,
        _any(
            r"(?:(?:did|does|do|could|can|would) )?(?:not|cannot|never) (?:\w+ )?(?:be )?rul(?:e|ed|ing) out"
            r"|could|may(?! \d)|might|can|considering"
            r"|considers?|considered (?:a|the|sending)|mull(?:s|ed|ing)|weigh(?:s|ed|ing)?|discuss(?:es|ed|ing)?"
            r"|explor(?:e|es|ed|ing)|open to|possible|possibly|potential(?:ly)?|likely|unlikely"
            r"|propos(?:e|es|ed|ing)|suggest(?:s|ed|ing)?|call(?:s|ed|ing)? (?:for|on)|urg(?:e|es|ed|ing)|ask(?:s|ed"
            r"|ing)?|request(?:s|ed|ing)?|demand(?:s|ed|ing)?|wants?|hop(?:e|es|ed|ing)|seek(?:s|ing)?|eye(?:s|d|ing)"
            r"|threaten(?:s|ed|ing)?"
            r"|ready|willing|prepared to|receptive|interested in|in talks|debat(?:e|es|ed|ing)|float(?:s|ed|ing)"
            r"|rais(?:e|es|ed|ing) (?:the )?(?:possibility|prospect|idea)|opened the door|toy(?:s|ed|ing) with|risks?"
            r"|feared|fears?|worr(?:y|ies)"
            r"|consult(?:s|ed|ing)?|negotiat(?:e|es|ing)|invit(?:e|es|ed)|recommend(?:s|ed)?|thinking (?:about|of)"
            r"|studying|looking (?:at|into)|rumou?red"
        ),
    ),
    (
        Status.CANCELLED,
        _any(
            r"call(?:s|ed|ing)? off|cancel(?:s|led|ed|ling|ing)?|scrap(?:s|ped|ping)?|scrub(?:s|bed)?|abandon(?:s|ed"
            r"|ing)?|annul(?:s|led)?|overturn(?:s|ed)?|revok(?:e|es|ed)|rescind(?:s|ed)?|repeal(?:s|ed)|abolish(?:es"
            r"|ed)|shelv(?:e|es"
            r"|ed)|abort(?:s"
            r"|ed)?|axe[sd]?|nix(?:es|ed)|ditch(?:es|ed)"
            r"|str(?:uck|ikes) down|quash(?:es|ed)|void(?:s|ed)|invalidat(?:e|es|ed)|nullif(?:y|ies|ied)|terminat(?:e"
            r"|es|ed)|halt(?:s|ed)|suspend(?:s|ed)|freez(?:e|es)|froze|frozen|pull(?:s|ed) (?:out|the plug)|back(?:s"
            r"|ed) out|drop(?:s|ped) (?:its|the|their|a|plans?|charges|bid)"
            r"|withdr(?:aws?|ew|awn) (?:its|the|his|her|their|a|an|from)? ?(?:\w+ ){0,2}?(?:offer|bid|plan|proposal"
            r"|candidacy|bill|decision|licen[cs]e|permit|complaint|lawsuit|request|order|race)|(?:is|was|are"
            r"|were) withdrawn|(?:plans?|bids?|cases?|charges?|lawsuits?|probes?|inquir(?:y|ies)|investigations?"
            r"|proposals?|ideas?)"
            r" (?:is|are|was|were|has been|have been) dropped|scuppered|derailed|collapsed?(?= talks)"
        ),
    ),
    (
        Status.ANNOUNCED,
        _any(
            r"announc(?:e|es|ed|ing)|unveil(?:s|ed)?|pledg(?:e|es|ed|ing)|promis(?:e|es|ed|ing)|vow(?:s|ed)?|agree(?:s"
            r"|d)? (?:to|on|in principle)|decid(?:e|es|ed) (?:to|that|on)|commit(?:s|ted)? to|confirm(?:s"
            r"|ed)? (?:plans?|that it will)|order(?:s|ed) (?:a|an|the)"
            r"|proclaim(?:s|ed)|declar(?:e|es|ed) (?:that it will|an?)|sets? out|reveal(?:s|ed) plans?"
        ),
    ),
    (
        Status.PLANNED,
        _any(
            rf"will|'ll|shall|would|{_NO_DETERMINER}{_NOUN_BEFORE}plans?(?: on)? (?=to\b|a\b|on\b|for\b)|planned"
            r"|planning|intend(?:s|ed|ing)?|aim(?:s|ed|ing)? (?:to|at|for)|expect(?:s|ed|ing)?|schedul(?:e[sd]|ing)"
            r"|slated|prepar(?:e|es|ed|ing) (?:to|for|a)|preparing"
            r"|finali[sz](?:e|es|ing)|about to|poised|going to|due(?! to (?:the|a|an|its|his|their|poor|bad|high|low"
            r"|lack|\w+(?:ing|s|ion)\b))|set (?:to|for)|to be|is to|are to|was to|were to|postpon(?:e|es|ed|ing)"
            rf"|delay(?:s|ed|ing)?|push(?:es|ed) back|push(?:es|ed) to(?= (?:no|next|later|early|mid|late|the end|\d+"
            rf"|{_CALENDAR})\b)"
            r"|put back (?:to|until|by)|adjourn(?:s|ed) (?:to|until|till)|put off|deferr?(?:s|ed)|reschedul(?:es|ed)"
            r"|moved to|target(?:s|ed"
            r"|ing)?|on track"
            r"|yet to|draft(?:s|ed|ing)|working on|gear(?:s|ing) up|brac(?:es|ing)|must|should|has to|have to|nearing"
            r"|close to|one step closer|getting closer"
        ),
    ),
    (
        Status.PLANNED,
        re.compile(
            r"^(?:(?!(?:it|i|he|she|that|this|who|which|votes?|agrees?|continues?|begins?|starts?|wants?|needs?|seeks?"
            r"|helps?"
            r"|hopes?|tr(?:y|ies)|vows?|threatens?|fails?|refuses?|could|may|might|will|would|should|must|rises?"
            r"|climbs?|had|has"
            r"|have|is|are|was|were|been|be|can|do|does|did|not|seems?|able|unable|according|likely|how|what|where"
            r"|when|enough|too|next|close|due|back|up|[a-z]+ed|[a-z]+ing"
            rf"|{_IRREGULAR})\b)(?i:[\w'.&-]+,?\s+)){{1,5}}?to\s+(?!the\b|a\b|an\b|their\b|its\b|date\b|more\b|less\b"
            r"|nearly\b|about\b|over\b|almost\b|at\b|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b"
            r"|ten\b|zero\b)[a-z]+(?<!ed)\b"
        ),
    ),
    (
        Status.UNDER_WAY,
        _any(
            r"beg[aiu]ns?|beginn?(?:s|ing)|start(?:s|ed|ing)?|launch(?:es|ed|ing)|resum(?:e|es|ed|ing)|continu(?:e|es"
            r"|ed|ing)|ongoing|under ?way|in progress|(?:goes|go|went) on(?! to\b| trial\b| strike\b| sale\b|\w)"
            r"|drags? on|on strike|kick(?:s|ed) off|remains? (?:under|in|on|at)|deploying"
            r"|(?:is|are|was|were|'s|'re) (?:\w+ly |still |now |currently |also |already )*"
            r"(?!considering|planning|preparing|finali[sz]ing|going|missing|boring|existing|outstanding|exploring"
            r"|weighing|mulling|hoping|expecting|seeking|negotiating|lacking|interesting)[a-z]{2,}ing(?! (?:to be"
            r"|point))|keeps? [a-z]+ing|steps? up|stepped up"
        ),
    ),
    (
        Status.DONE,
        re.compile(
            r"\b(?:satellites?|rockets?|missions?|spacecraft|capsule|telescope|missiles?|drones?|rover|crew)"
            r" (?:was|were|has been|have been|had been) launched\b|\bdid(?:n't| not| never)\b|\b(?:has|have|had"
            r"|'ve)\s+(?:\w+ly\s+|already\s+|now\s+|also\s+|just\s+|not\s+"
            r"|never\s+|since\s+|long\s+|yet\s+|earlier\s+|previously\s+|recently\s+|later\s+|so far\s+|all\s+"
            rf"|both\s+)*{_PARTICIPLE}\b"
            r"|\b(?:is|are|was|were|been|being|got|gets)\s+(?:\w+ly\s+|also\s+|then\s+|later\s+|now\s+|not\s+|all\s+"
            r"|both\s+)*(?!based|located|called|named|known|made up|composed|designed|concerned|worried|supposed|used"
            r"|interested|involved|limited|related|united|needed|divided|advanced|dedicated|focused)"
            rf"{_PARTICIPLE}\b|\b{_NOT_PAST}(?:[a-z]{{2,}}ed\b(?! by\b)|(?:{_IRREGULAR})\b)",
            0,
        ),
    ),
    (
        Status.DONE,
        re.compile(
            rf"(?<!the )(?<!a )(?<!an )(?<!of )(?<!and )(?<!to )\b(?:{_VERBS_DONE})\b(?! (?:is|are|was|were|will|would"
            r"|could|has|have|had|may|might|of|and))",
            0,
        ),
    ),
    (
        Status.FACT,
        re.compile(
            r"\b(?:is|are|was|were|am|has|have|had|remains?|remained|there|consists?|includes?|stands?|costs?|means?"
            r"|owns?|holds?|contains?|belongs?|knows?|lives?)\b",
            re.IGNORECASE,
        ),
    ),
)
