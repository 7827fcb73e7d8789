"""How common words are: a table made by training/train_background.py, which says how. Do not edit.

Counts of 3,663 documents of FNC-1 (Apache-2.0), VitaminC (CC BY-SA 3.0) and UDS It-Happened 2 (MIT). A word's weight is
its inverse document frequency ln(N / df) over ln N, so it lies in (0, 1].
"""

from functools import lru_cache

_RARE = 1.0
# fmt: off
_BANDS: dict[float, str] = {
    0.15: (
        "tim"
    ),
    0.2: (
        "stat year"
    ),
    0.25: (
        "act american day film includ known nam peopl play releas report show unit work world"
    ),
    0.3: (
        "accord bas best born cal car city com company country current direct end follow found good group help "
        "high hom know lead liv long look march mill month need numb offic old part plac produc receiv record "
        "review right sery star start th think thre want way week"
    ),
    0.35: (
        "add air album announc appear april area ask august award becom believ busi call chang claim clos confirm "
        "creat critic death decemb develop due ear fami featur final find fiv forc four friend gam general govern "
        "great hold hop hous international issu january john july jun leav left lif littl lov maj man manag media "
        "meet memb mov national new night north novemb octob official open original plan pleas point post pric "
        "product rat recent return rol run school season septemb servic set sign singl sit story support team "
        "televis thing third try turn video war went win york"
    ),
    0.4: (
        "abl actual age allow america associat attack attempt averag band began begin bet big bill book box "
        "british build buy cas caus cent charact charg children club co comment complet consider continu contract "
        "control dat deal debut decid design detail died different earli east english event expect experienc fac "
        "fact fath february feel fight fil food form fre full gav hand happen hard head hit hour informat "
        "interest jam job join kil larg launch law leagu lik lin list ll local locat london lot main mark market "
        "mean minut miss mix money movi music not operat ord own pass pay person pictur popular positiv pow "
        "president previous problem professional provid public publish quest quick re reach read real relat "
        "remain result rock rotten scor serv shar short sid sing six small social son song sourc south stop "
        "studio success suggest sur system talk tell test thank thought titl today tomato top total town travel "
        "treat tv vers view visit walk watch websit west wid woman won worldwid writ written young"
    ),
    0.45: (
        "account actress additional address aggregat agre al alleg angel app apparent appearanc appl approval arm "
        "army articl artist attach attend availabl bad bit black body boy break bring broth budget bush ca "
        "california canada central century certain channel check child china clear colleg comedy common concern "
        "contact contain copy cost coupl critical custom cut dai daught david de dead depart describ devic "
        "discuss doct dog drama driv earn eat edit england enough entertain entir especial establish estimat "
        "europ exclusiv explain fail famous fan figur finish fir focus football forward fourth franc french "
        "friday front futur generat georg girl giv global goal gross guy half health hear heard heart held "
        "highest history hospital human imag immediat important increas india indian indicat industry initial "
        "insid interview investigat involv iraq island kind king kingdom languag largest learn led legal let "
        "level light limit lo lost low mat men messag met michael mil military mind model monday morn moth mr nat "
        "network nominat non novel off onlin opt outsid pag parent park particular party past perform performanc "
        "period personal pet phon photo pick polic political populat posit possibl present press probab process "
        "program project rais rang rap reason recommend red ref refus reg regard regular request requir research "
        "restaurant reveal room round rul rum sal sav saw schedul screen security send sent seven ship shop "
        "similar simp situat sold someon sometim sound speak special spent sport st staff stag stand stay stor "
        "street strong successful sum sup ten term texa theat thousand tour track trad train tru twit uk "
        "understand university user usual various ve voic wait washington wat weekend western whit whol wif "
        "william women word wrot"
    ),
    0.5: (
        "ability academy accept access acclaim achiev activity addit admit advanc affect agency agent alon amount "
        "analyst animal animat answ apart applicat arriv art asia attent audienc australia australian authority "
        "baby bank bar battl blood blu board bomb bord brand brief broadcast brought brown campaign canadian "
        "capital captur carri carry cast cat championship chanc chart chief chines choic christian cit class "
        "clean col collect commercial communicat community compar competit comput condit conferenc connect consid "
        "consist content contribut count county cours court cov credit crim cross cup danc dark decad decis "
        "defens definit destroy din disney distribut dollar door dr draft drink drop drug effect effort eight "
        "elect email employe enjoy enron enter episod etc european eventual exact exampl execut executiv exist "
        "expensiv expert express extend extrem eye facebook fak fall fear federal felt femal fict field fifth fin "
        "financial fish fix flight fly foreign fox fund gain gas german god gold green ground grow guard guess "
        "handl happy heavy hill hollywood hor host hot houston hug hundr husband idea improv incident independent "
        "individual influenc injury intelligenc internet iphon isis islamic ita italian jon judg kept key kid "
        "kill la lack land link loss magazin mail marri match material mayb medical mention metacritic metal mid "
        "middl militant min minist modern moment most multipl musical musician natural negativ newspap nic nin "
        "normal northern notic nt occur offer organizat overall paid participat paul perfect piec policy pop port "
        "praiz premier prepar pretty pri prim privat promot protect provinc purchas push put quality quot radio "
        "rank realiz refer rememb remov replac respond respons rest richard risk road robert saf san saturday "
        "scen scienc sea search secret see sel select self sell seni sens separat serious settl shock shoot shot "
        "significant sist siz smith soldi songwrit southern spac spend spokesman spot spr spread standard step "
        "ston strik student study subject subsequent suffer sunday suppos surpriz suspect syria tak target teach "
        "technology territory terrorist threat thril thursday tom tri trip tuesday twic typ upcom updat victim "
        "wall warn weapon web wednesday weight worth youtub"
    ),
    0.55: (
        "absolut activ adam administrat adult adventur affair africa african afternoon agr aid aircraft airport "
        "alongsid alternativ amaz annual anti anyway appoint appreciat approach appropriat approv approximat arab "
        "argu arrest assault assign assum attorney attract auth avoid awar ball ban basis battery bay bbc bear "
        "beat ben benefit biggest billboard bird birth birthday block blog boston bought bowl brian brok built "
        "burn camera cancel cap card cash caught celebrat certifi chain challeng champ chicago choos chris "
        "christma church circulat citizen civil cloth coast collaborat combin comic command commit committe "
        "compet compos concert conflict construct consum cook corporat cover criminal criticiz cultur dalla damag "
        "dangerous data declar declin deep defeat defend degre deliver demand depend determin die differenc "
        "difficult digital discover display district divis docu domestic doubl doubt dozen draw drum duty earth "
        "easi eastern easy economic educat edward effectiv element elizabeth emergency employ encourag energy "
        "engag engin ensur ent entry equip escap even evidenc ex excellent expand extra facility fair fals fash "
        "fast fee feed fellow festival fictional firm fit florida flow foot format franchiz frank fresh fun "
        "germany girlfriend glob golden graduat grammy greatest guest guitarist gun hair hall hat headquart heavi "
        "helpful hip hir historical hoax holiday hors hotel http hunt identifi identify ii impact inform inspir "
        "institut intend internal introduc invest iran iraqi ireland irish item jack jackson jan japan japanes "
        "jeff jok journalist jump justic keep kim knew korea lab label lady last lat lawy lee leg lie listen lock "
        "los machin maintain majority mal manchest manufactur martin meant measur mexico mik ministry mobil moham "
        "mot mountain movy murd muslim nativ necessary net nfl numerous obama object obvious oil ok one "
        "opportunity order outlet pack paint pair pakistan pap paris parlia partn patient peac peak percent "
        "photograph physical pilot plant platinum plot plus pm politician poor portray potential powerful practic "
        "pre premi presenc pressur prevent print prison pro profil promiz property propos prov pul purpos qaeda "
        "quart queen rac ran rar ray rd react ready recogniz reduc referenc reject relationship religious rep "
        "repeat represent representativ republic reserv resident respectiv responsibl retail retir rid ris riv "
        "romantic ros royal rush russia russian ryan sam scot seat secretary sect secur seek senat sequel sever "
        "sex sexual shown sick sixth sleep slight slow society solo solut sort spain spanish specific speculat "
        "spok squar stev steven stock stream struggl stuff styl suit sun surgery surround surviv syrian tal tank "
        "tast technical teenag tel ter therefor thoma touch traditional troubl truth tweet twenty ultimat un "
        "union unless unlik use valu variety vehicl vic victory villag violenc vocal vot walt warm wast wear "
        "whatev wil window wing wint witness wo wonderful worst wrong www yesterday yourself"
    ),
    0.6: (
        "abc absenc abus accident accidental accurat accus acquir ad adaptat adopt advic adviz afghanistan aim "
        "airlin alan alcohol alex aliv allen ally analysis andrew ann anna anthony anticipat anywher appeal "
        "arizona arrang asian asset assist atlanta back balanc basketball batman beach beautiful bed behavi "
        "belong beyond bid bin blam blow boat bob bottom brain branch brazil breath britain broadway broken bus "
        "cabl cag camp campus canc capability capabl capacity captain careful carolina catch category cb cell "
        "census ceo ceremony certificat charl charli cheap chees chef chelsea chemical chicken chip christoph cia "
        "cinema circl civilian click client clip coach coalit cod cold comedian comfortabl commiss comparison "
        "complain complaint complex con concept conclud conduct confus consensus conservativ constant conversat "
        "convinc coordinat corn correct council coup crash creativ crew crisis criticism crowd crystal cultural "
        "dad dan dav dc dec dedicat defin del delay delet delhi deliv delivery demonstrat deni deny depict "
        "descent desk diagnos disappear diseas divorc don donald dress dry dvd ebola economy ed el electronic "
        "eliminat elsewher emerg emmy empir enemy enforc entity environ equal era eric essential exchang exclud "
        "existenc factory failur fam familiar fantasy farm fat fav favorabl favorit fbi fc feet financ flo folk "
        "footag footbal former francisco freedom frequent fuel ful funct gang gather gear giant gift glad glass "
        "googl grand grant greek grew guitar gulf hang happi harry hbo healthy heat heaven helicopt henry hero "
        "hid hidden highlight hol hon honest hopeful howard hurt identity iii imagin impossibl inc incom "
        "incorporat infect info injur inspect instruct islamist israel jason jean jersey jet jim joe johnson "
        "joint jordan josh journal jr kel kevin kick knowledg korean kurdish lak latin laugh lay leadership leak "
        "legend length lewis liberal licens liverpool load loan loos lord louis lunch mainstream manhattan mar "
        "marin marriag marvel mary mask mass massachuset mast may meal meanwhil meat memory ment menu method "
        "mexican miami michell mom moon moor mount multi murder mysterious mystery natur nba nbc nd nearby "
        "negotiat neighb neighborhood netflix nick nicknam notabl nuclear observ obtain occas oh oldest ongo opin "
        "oppos opposit organiz origin originat otherwiz outstand oversea packag pain pakistani palac paramount "
        "passeng path patrick payment pentagon percentag permanent personality planet plat playstat plenty pool "
        "popularity pos possess possib possibility predict pregnant presidential primari primary princ procedur "
        "profess profit progress prominent prompt proper protest publicat pull quiet raid rapid reality reasonabl "
        "recept recognit recover recruit reflect regim regional register relativ renew repriz republican rescu "
        "resourc respect restrict retriev reut revenu rhythm rich ring rival rob rog roll rom roman rough rout "
        "rud saint sampl sarah saudi scal scar scientist scotland screenplay seattl shap shift silv simpl "
        "singapor skill skin sky smal smartwatch snak snow soft softwar sol somewhat sorry soul southeast "
        "southwest spe specifical specy speech spin spirit split stadium status steel stephen stick storm strang "
        "strategy strict strip structur sudden suicid suprem surfac suspend sweden switch symptom tabl talent tap "
        "task tax tayl tech teen temperatur templ terrorism text theatrical them theory threaten throw ticket tig "
        "tip tomorrow ton tony toronto tourist toy trail transact transf tre troop truck trust turkey turkish "
        "twin typical unabl unclear unfortunat uniqu univers universal unknown unnam unusual unveil urg usa "
        "valley van vast vet veteran vietnam violent viral virus visual vocalist wav wearabl weath wed welcom "
        "wild wish wond wonder wood worry wound wrist yard youngest youth zealand zero"
    ),
    0.65: (
        "abandon abdul abu acknowledg activist adapt adjust advantag advertiz afraid aged aggressiv ahm airstrik "
        "alert alexand allegat amazon amy ancient anderson andr angry anniversary anonymous answer antonio anymor "
        "arabia arabic arena arrival asid aspect assassinat assemb assistanc assistant athletic atlantic "
        "atmospher audit austin austria background bag baghdad bang barack baseball basic basical bass bat begun "
        "belgium bell benjamin berlin bestsel bil biological blind blockbust bollywood borough boss bottl "
        "boyfriend brazilian breakfast bridg bro broad busy buzz calendar calm candidat chair chairman charity "
        "chas chat chest childhood chos clash classic climat cnn colleagu collin columbia commission competitiv "
        "component compriz confidenc confident congress consecutiv consistent constitut contest contrast "
        "controversial controversy convert convict cool cop cor coronavirus corp cousin coverag crazy creatur "
        "cror cruel cruiz cry daniel danny davis dean decent defensiv democrat democratic denmark deputy designat "
        "desir desperat destinat detect detroit difficulty disappoint disast discov dish dismiss disput distinct "
        "download downtown drag dragon drawn dream dub duk duo edg educational egg egypt egyptian electric elit "
        "embarrass encount enhanc ep equivalent everywher evil examin excit exerciz exhibit expectat explor expos "
        "exposur extens extensiv extremist faith fallen fatal feb fell fifa filmmak flag forest forev forget "
        "formal ft gallery garden gat gay gen genr georgia gordon grab grad graphic greg grown guid guild ham "
        "harm headlin height hell highway hindi holy horribl hostag hum hung ice id ignor ill illegal illness "
        "implement impos impress inch infamous initiat inn innocent instagram instanc insuranc intent intercept "
        "interi invas invit io iron islam israeli jay jennif jewish jihadist jong jos joseph joy juni kat khan "
        "kidnap knight laden lan le legendary lesson lil lion lit literal lowest luca luxury mac mad madrid magic "
        "marry massiv matthew max mcdonald medicin memorial mental mer merg metropolitan minimum mir mod moderat "
        "monit monitor monst moral mouth mtv na nail narrow nasa neighbor nelson netherland ninth northwest "
        "obligat occasional ocean odd offensiv oliv olympic orlean oscar overwhelm pacific pal palestinian panel "
        "patriot penalty peninsula pennsylvania phas phil philadelphia pic pizza platform pol politic populous "
        "pound pray pref presentat principal priz proceed prosecut purport pursu quarterback rear rebel recall "
        "recovery regulat reign relax reliabl relig remak remot repair reputat resort responsibility retain reviz "
        "ric rip rocket root row sad saddam safety salt samsung santa sat scottish screenwrit script sean second "
        "seiz semi sentenc sess seventh sheet sho shut sight sitcom smart smartphon smok soil solid somewher "
        "soundtrack spark spiritual spoken spokeswoman storag straight strength stretch stuck substantial "
        "substitut suburb suck sunni suppli surpass sweet swim tag taliban tamil techniqu tend tens tenth terribl "
        "thin tie tir tonight tool tourna tow tradit traffic transfer translat transport trap trend trial trick "
        "trilogy twelv uefa upload urban vacat vega ventur verifi violat vs wayn weigh whenev widespread wilson "
        "worri wors xbox"
    ),
}
# fmt: on
_WEIGHTS = {word: share for share, words in _BANDS.items() for word in words.split()}


@lru_cache(maxsize=50_000)
def weight(word: str) -> float:
    """Return the weight of a stem in (0, 1]: 1 for a word that the background does not hold."""
    return _WEIGHTS.get(word, _RARE)
