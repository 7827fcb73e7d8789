"""Countries with what their people and capitals are called, so that "French", "Paris" and "France" meet.

An own table: the country lists of pycountry and Babel hold neither demonyms nor capitals, and loading them takes longer
than reading an entry. Each record is `country|demonyms and other names|capital and seats of power`.
"""

_TABLE = """
afghanistan|afghan|kabul; albania|albanian|tirana; algeria|algerian|algiers; andorra|andorran|; angola|angolan|luanda;
argentina|argentine,argentinian,argentinean|buenos aires; armenia|armenian|yerevan; australia|australian|canberra;
austria|austrian|vienna; azerbaijan|azerbaijani,azeri|baku; bahamas|bahamian|nassau; bahrain|bahraini|manama;
bangladesh|bangladeshi|dhaka; barbados|barbadian|bridgetown; belarus|belarusian,byelorussian|minsk;
belgium|belgian|brussels; belize|belizean|belmopan; benin|beninese|porto-novo; bhutan|bhutanese|thimphu;
bolivia|bolivian|la paz,sucre; bosnia|bosnian,bosnia-herzegovina,bosnia and herzegovina|sarajevo;
botswana|botswanan|gaborone; brazil|brazilian|brasilia; brunei|bruneian|; bulgaria|bulgarian|sofia;
burkina faso|burkinabe,burkinese|ouagadougou; burundi|burundian|bujumbura,gitega; cambodia|cambodian|phnom penh;
cameroon|cameroonian|yaounde; canada|canadian|ottawa; cape verde|cape verdean,cabo verde|praia;
central african republic||bangui; chad|chadian|n'djamena; chile|chilean|santiago; china|chinese|beijing;
colombia|colombian|bogota; comoros|comorian|moroni;
congo|congolese,drc,democratic republic of congo|kinshasa,brazzaville; costa rica|costa rican|;
croatia|croatian,croat|zagreb; cuba|cuban|havana; cyprus|cypriot|nicosia; czech republic|czech,czechia|prague;
denmark|danish,dane|copenhagen; djibouti|djiboutian|; dominican republic|dominican|santo domingo;
east timor|timorese,timor-leste|dili; ecuador|ecuadorian,ecuadorean|quito; egypt|egyptian|cairo;
el salvador|salvadoran,salvadorean|san salvador; equatorial guinea||malabo; eritrea|eritrean|asmara;
estonia|estonian|tallinn; eswatini|swazi,swaziland|mbabane; ethiopia|ethiopian|addis ababa; fiji|fijian|suva;
finland|finnish,finn|helsinki; france|french,frenchman|paris,elysee,quai d'orsay; gabon|gabonese|libreville;
gambia|gambian|banjul; georgia|georgian|tbilisi; germany|german|berlin,bundestag; ghana|ghanaian|accra;
greece|greek|athens; greenland|greenlandic,greenlander|nuuk; grenada|grenadian|; guatemala|guatemalan|;
guinea|guinean|conakry; guinea-bissau||bissau; guyana|guyanese|georgetown; haiti|haitian|port-au-prince;
honduras|honduran|tegucigalpa; hong kong|hongkonger|; hungary|hungarian|budapest;
iceland|icelandic,icelander|reykjavik; india|indian|new delhi,delhi; indonesia|indonesian|jakarta;
iran|iranian|tehran; iraq|iraqi|baghdad; ireland|irish|dublin; israel|israeli|jerusalem,tel aviv,knesset;
italy|italian|rome; ivory coast|ivorian,cote d'ivoire|abidjan; jamaica|jamaican|kingston; japan|japanese|tokyo;
jordan|jordanian|amman; kazakhstan|kazakh,kazakhstani|astana; kenya|kenyan|nairobi; kosovo|kosovar,kosovan|pristina;
kuwait|kuwaiti|; kyrgyzstan|kyrgyz|bishkek; laos|laotian,lao|vientiane; latvia|latvian|riga; lebanon|lebanese|beirut;
lesotho||maseru; liberia|liberian|monrovia; libya|libyan|tripoli; liechtenstein||vaduz; lithuania|lithuanian|vilnius;
luxembourg|luxembourger|; madagascar|malagasy|antananarivo; malawi|malawian|lilongwe;
malaysia|malaysian|kuala lumpur,putrajaya; maldives|maldivian|; mali|malian|bamako; malta|maltese|valletta;
mauritania|mauritanian|nouakchott; mauritius|mauritian|; mexico|mexican|mexico city; moldova|moldovan|chisinau;
monaco|monegasque|; mongolia|mongolian|ulaanbaatar; montenegro|montenegrin|podgorica; morocco|moroccan|rabat;
mozambique|mozambican|maputo; myanmar|burmese,burma|naypyidaw,yangon; namibia|namibian|windhoek;
nepal|nepali,nepalese|kathmandu; netherlands|dutch,holland,dutchman|the hague,amsterdam;
new zealand|new zealander,kiwi|wellington; nicaragua|nicaraguan|managua; niger|nigerien|niamey;
nigeria|nigerian|abuja; north korea|north korean,dprk|pyongyang; north macedonia|macedonian,macedonia|skopje;
norway|norwegian|oslo; oman|omani|muscat; pakistan|pakistani|islamabad; palestine|palestinian|ramallah;
panama|panamanian|panama city; papua new guinea|papuan|port moresby; paraguay|paraguayan|asuncion; peru|peruvian|lima;
philippines|philippine,filipino,filipina|manila; poland|polish,pole|warsaw; portugal|portuguese|lisbon;
puerto rico|puerto rican|san juan; qatar|qatari|doha; romania|romanian|bucharest;
russia|russian,russian federation|moscow,kremlin; rwanda|rwandan|kigali; samoa|samoan|apia;
saudi arabia|saudi,saudi arabian|riyadh; scotland|scottish,scot|edinburgh,holyrood; senegal|senegalese|dakar;
serbia|serbian,serb|belgrade; sierra leone|sierra leonean|freetown; singapore|singaporean|;
slovakia|slovak,slovakian|bratislava; slovenia|slovenian,slovene|ljubljana; solomon islands||honiara;
somalia|somali|mogadishu; south africa|south african|pretoria,johannesburg; south korea|south korean|seoul;
south sudan|south sudanese|juba; spain|spanish,spaniard|madrid; sri lanka|sri lankan|colombo; sudan|sudanese|khartoum;
suriname|surinamese|paramaribo; sweden|swedish,swede|stockholm; switzerland|swiss|bern; syria|syrian|damascus;
taiwan|taiwanese|taipei; tajikistan|tajik|dushanbe; tanzania|tanzanian|dodoma,dar es salaam; thailand|thai|bangkok;
togo|togolese|lome; tonga|tongan|; trinidad and tobago|trinidadian,trinidad|; tunisia|tunisian|tunis;
turkey|turkish,turk,turkiye|ankara; turkmenistan|turkmen|ashgabat; uganda|ugandan|kampala;
ukraine|ukrainian|kyiv,kiev,verkhovna rada; united arab emirates|emirati,uae|abu dhabi,dubai;
united kingdom|british,britain,great britain,uk,u.k,briton|london,downing street,whitehall;
united states|american,u.s,us,usa,u.s.a,united states of america|washington,white house,pentagon,capitol hill;
uruguay|uruguayan|montevideo; uzbekistan|uzbek,uzbekistani|tashkent; vanuatu||port vila;
vatican|holy see,vatican city|; venezuela|venezuelan|caracas; vietnam|vietnamese|hanoi; wales|welsh|cardiff;
england|english|; yemen|yemeni|sanaa,sana'a; zambia|zambian|lusaka; zimbabwe|zimbabwean|harare;
european union|eu,e.u|; europe|european|; africa|african|; asia|asian|; united nations|un,u.n|
"""


def _read(table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return what names the country itself, and what names it by its capital or seat of power."""
    own: dict[str, str] = {}
    seats: dict[str, str] = {}
    for record in table.replace("\n", " ").split(";"):
        country, people, capitals = (part.strip() for part in record.split("|"))
        own |= {name: country for name in [country, *people.split(",")] if name}
        own |= {f"{name}s": country for name in people.split(",") if name and name[-1] not in "hse"}
        seats |= {name: country for name in capitals.split(",") if name}
    return own, seats


COUNTRY, SEAT = _read(_TABLE)
LONGEST = max(len(name.split()) for name in (*COUNTRY, *SEAT))
