package meta

// monthNames are the names of the months and their short forms, in lower case
// and without a final dot, in the languages in which Meta writes pages. Where
// two languages use one name for different months (listopad, srp, lip), the
// one with more speakers wins.
var monthNames = [12]string{
	"bisha koobaad|de gen|de gener|ean|eanáir|ene|enero|gen|gener|gennaio|ian|ianuarie|ion|ionawr|jaan|jaanuar|jan|" +
		"janar|janeiro|jannar|januar|januari|januarie|january|január|janv|janvier|janvāris|janúar|jän|jänner|kob|led|" +
		"leden|ledna|oca|ocak|saus|sausio|sausis|sij|siječanj|siječnja|sty|styczeń|stycznia|tammi|tammikuu|urt|" +
		"urtarrila|xan|xaneiro|yan|yanvar|ιαν|ιανουάριος|ιανουαρίου|нэгдүгээр сар|сту|студзень|студзеня|січ|січень|" +
		"січня|янв|январь|января|яну|януари|јан|јануар|јануари|қаң|қаңтар|հնվ|հունվար|հունվարի|ינו|ינואר|جانفي|جنوري|" +
		"جنوری|ينا|يناير|ژانویه|जन|जनवरी|जन॰|जाने|जानेवारी|জানু|জানুয়ারী|ਜਨ|ਜਨਵਰੀ|જાન્યુ|જાન્યુઆરી|ஜன|ஜனவரி|జన|జనవరి|" +
		"ಜನ|ಜನವರಿ|ജനു|ജനുവരി|ජන|ජනවාරි|ม.ค|มกราคม|ມ.ກ|ມັງກອນ|ဇန်|ဇန်နဝါရီ|იან|იანვარი|ጃንዩ|ጃንዩወሪ|មករា|一月",
	"bisha labaad|chw|chwefror|de febr|de febrer|feabh|feabhra|feb|febbraio|febr|febreiro|febrer|febrero|februar|" +
		"februari|februarie|february|február|februāris|febrúar|fev|fevereiro|fevral|fra|frar|fév|févr|février|helmi|" +
		"helmikuu|lab|lut|lutego|luty|ots|otsaila|peb|pebrero|shk|shkurt|vas|vasario|vasaris|veebr|veebruar|velj|" +
		"veljača|veljače|úno|únor|února|şub|şubat|φεβ|φεβρουάριος|φεβρουαρίου|ақп|ақпан|лют|лютага|лютий|лютого|люты|" +
		"феб|фебруар|фев|февраль|февраля|февруари|хоёрдугаар сар|փետրվար|փետրվարի|փտր|פבר|פברואר|فبر|فبراير|فروري|فروری|" +
		"فوریه|فيفري|फ़रवरी|फ़र॰|फेब्रु|फेब्रुअरी|फेब्रुवारी|ফেব|ফেব্রুয়ারী|ਫ਼ਰ|ਫ਼ਰਵਰੀ|ફેબ્રુ|ફેબ્રુઆરી|பிப்|பிப்ரவரி|" +
		"ఫిబ్ర|ఫిబ్రవరి|ಫೆಬ್ರ|ಫೆಬ್ರವರಿ|ഫെബ്രു|ഫെബ്രുവരി|පෙබ|පෙබරවාරි|ก.พ|กุมภาพันธ์|ກ.ພ|ກຸມພາ|ဖေ|ဖေဖော်ဝါရီ|თებ|" +
		"თებერვალი|ፌብሩ|ፌብሩወሪ|កុម្ភៈ|二月",
	"bisha saddexaad|bře|březen|března|de març|kov|kovas|kovo|maalis|maaliskuu|maart|mac|machi|mar|marca|march|" +
		"marec|maret|mars|marso|mart|martie|marts|martxoa|marzec|marzo|marzu|març|março|maw|mawrth|mrt|márc|március|" +
		"márta|mär|märts|märz|ožu|ožujak|ožujka|sad|μάρ|μάρτιος|μαρ|μαρτίου|бер|березень|березня|гуравдугаар сар|мар|" +
		"март|марта|нау|наурыз|сак|сакавік|сакавіка|մար|մարտ|մարտի|מרץ|مار|مارس|مارچ|मार्च|মার্চ|ਮਾਰਚ|માર્ચ|மார்|மார்ச்|" +
		"మార్చి|ಮಾರ್ಚ್|മാർ|മാർച്ച്|මාර්|මාර්තු|มี.ค|มีนาคม|ມ.ນ|ມີນາ|မတ်|მარ|მარტი|ማርች|មីនា|三月",
	"abr|abril|afr|aib|aibreán|api|apirila|apr|aprel|april|aprile|aprili|aprilie|aprill|apríl|aprīlis|avr|avril|bal|" +
		"balandis|balandžio|bisha afraad|dub|duben|dubna|d’abr|d’abril|ebr|ebrill|huhti|huhtikuu|kwi|kwiecień|kwietnia|" +
		"nis|nisan|pri|prill|tra|travanj|travnja|ápr|április|απρ|απρίλιος|απριλίου|апр|апрель|апреля|април|" +
		"дөрөвдүгээр сар|кві|квітень|квітня|кра|красавік|красавіка|сәу|сәуір|ապր|ապրիլ|ապրիլի|אפר|אפריל|آوریل|أبر|أبريل|" +
		"أفريل|اپريل|اپریل|अप्रिल|अप्रैल|एप्रि|एप्रिल|এপ্রিল|ਅਪ੍ਰੈ|ਅਪ੍ਰੈਲ|એપ્રિલ|ஏப்|ஏப்ரல்|ఏప్రి|ఏప్రిల్|ಏಪ್ರಿ|ಏಪ್ರಿಲ್|" +
		"ഏപ്രി|ഏപ്രിൽ|අප්රි|අප්රේල්|เม.ย|เมษายน|ມ.ສ|ເມສາ|ဧပြီ|აპრ|აპრილი|ኤፕረ|ኤፕሪል|មេសា|四月",
	"beal|bealtaine|bisha shanaad|de maig|geg|gegužė|gegužės|kvě|květen|května|mag|maggio|mai|maiatza|maig|maijs|" +
		"maio|maj|maja|may|mayo|mayıs|maí|mei|mej|mejju|máj|május|sha|svi|svibanj|svibnja|touko|toukokuu|μάι|μάιος|μαΐ|" +
		"μαΐου|май|мам|мамыр|мая|мај|тавдугаар сар|тра|травень|травня|մայ|մայիս|մայիսի|מאי|مئی|ماي|مايو|مه|مٓی|मई|मे|মে|" +
		"ਮਈ|મે|மே|మే|ಮೇ|മേയ്|මැයි|พ.ค|พฤษภาคม|ພ.ພ|ພຶດສະພາ|မေ|მაი|მაისი|ሜይ|ឧសភា|五月",
	"birž|birželio|birželis|bisha lixaad|cze|czerwca|czerwiec|de juny|eka|ekaina|giu|giugno|haz|haziran|hun|hunyo|" +
		"iun|iunie|iyn|iyun|i̇yn|juin|jun|june|junho|juni|junie|junij|junio|juny|juuni|jún|június|júní|jūn|jūnijs|kesä|" +
		"kesäkuu|lipanj|lipnja|lix|meh|mehefin|meith|meitheamh|qer|qershor|xuñ|xuño|čen|červen|června|ġun|ġunju|ιουν|" +
		"ιουνίου|ιούν|ιούνιος|зургадугаар сар|июн|июнь|июня|мау|маусым|чер|червень|червня|чэр|чэрвень|чэрвеня|юни|јун|" +
		"јуни|հնս|հունիս|հունիսի|יונ|יוני|جوان|جون|يون|يونيو|ژوئن|जुन|जून|জুন|ਜੂਨ|જૂન|ஜூன்|జూన్|ಜೂನ್|ജൂൺ|ජූනි|มิ.ย|" +
		"มิถุนายน|ມິ.ຖ|ມິຖຸນາ|ဇွန်|ივნ|ივნისი|ጁን|មិថុនា|六月",
	"bisha todobaad|de jul|de juliol|gor|gorffennaf|heinä|heinäkuu|hul|hulyo|iul|iulie|iyl|iyul|iúil|i̇yl|jui|juil|" +
		"juillet|jul|julai|julho|juli|julie|julij|julio|juliol|july|juuli|júl|július|júlí|jūl|jūlijs|kor|korrik|liep|" +
		"liepa|liepos|lip|lipca|lipiec|lug|luglio|lul|lulju|srpanj|srpnja|tem|temmuz|tod|uzt|uztaila|xul|xullo|čec|" +
		"července|červenec|ιουλ|ιουλίου|ιούλ|ιούλιος|долдугаар сар|июл|июль|июля|лип|липень|липня|ліп|ліпень|ліпеня|шіл|" +
		"шілде|юли|јул|јули|հլս|հուլիս|հուլիսի|יול|יולי|جولائی|جولاي|جولای|جويلية|يول|يوليو|ژوئیه|जुलाई|जुलै|जुल॰|জুলাই|" +
		"ਜੁਲਾ|ਜੁਲਾਈ|જુલાઈ|ஜூலை|జులై|ಜುಲೈ|ജൂലൈ|ජූලි|ก.ค|กรกฎาคม|ກ.ລ|ກໍລະກົດ|ဇူ|ဇူလိုင်|ივლ|ივლისი|ጁላይ|កក្កដា|七月",
	"abu|abuztua|ag|ago|agost|agosti|agosto|agu|agustus|aoû|août|aug|august|augusti|augusts|augustus|augusztus|avg|" +
		"avgust|avq|avqust|aws|awst|aww|awwissu|ağu|ağustos|bisha sideedaad|d’ag|d’agost|elo|elokuu|gsh|gusht|kol|" +
		"kolovoz|kolovoza|lún|lúnasa|ogos|rugp|rugpjūtis|rugpjūčio|sid|sie|sierpień|sierpnia|srp|srpen|srpna|ágú|ágúst|" +
		"αυγ|αυγούστου|αύγ|αύγουστος|авг|август|августа|жні|жнівень|жніўня|наймдугаар сар|сер|серпень|серпня|там|тамыз|" +
		"օգոստոս|օգոստոսի|օգս|אוג|אוגוסט|آقۇست|أغس|أغسطس|أوت|اوت|اگست|अगस्ट|अगस्त|अग॰|ऑग|ऑगस्ट|আগস্ট|ਅਗ|ਅਗਸਤ|ઑગસ્ટ|ஆக|" +
		"ஆகஸ்ட்|ఆగ|ఆగస్టు|ಆ|ಆಗಸ್ಟ್|ഓഗ|ഓഗസ്റ്റ്|අගෝ|අගෝස්තු|ส.ค|สิงหาคม|ສ.ຫ|ສິງຫາ|ဩ|ဩဂုတ်|აგვ|აგვისტო|ኦገስ|ኦገስት|សីហា|八月",
	"bisha sagaalaad|de set|de setembre|eyl|eylül|ira|iraila|med|medi|meán fómhair|mfómh|rugs|rugsėjis|rugsėjo|ruj|" +
		"rujan|rujna|sag|sen|sentabr|sentyabr|sep|sept|septemba|septembar|september|septembre|septembrie|septembris|" +
		"septiembre|septiyembre|set|setembre|setembro|settembre|settembru|setyembre|sht|shtator|syys|syyskuu|szept|" +
		"szeptember|wrz|wrzesień|września|zář|září|σεπ|σεπτέμβριος|σεπτεμβρίου|вер|верасень|верасня|вересень|вересня|" +
		"есдүгээр сар|сен|сентябрь|сентября|сеп|септембар|септември|қыр|қыркүйек|սեպ|սեպտեմբեր|սեպտեմբերի|ספט|ספטמבר|" +
		"سبت|سبتمبر|ستمبر|سپتامبر|सप्टें|सप्टेंबर|सितंबर|सित॰|सेप्टेम्बर|সেপ্টেম্বর|ਸਤੰ|ਸਤੰਬਰ|સપ્ટે|સપ્ટેમ્બર|செப்|" +
		"செப்டம்பர்|సెప్టెం|సెప్టెంబర్|ಸೆಪ್ಟೆಂ|ಸೆಪ್ಟೆಂಬರ್|സെപ്റ്റം|സെപ്റ്റംബർ|සැප්|සැප්තැම්බර්|ก.ย|กันยายน|ກ.ຍ|ກັນຍາ|" +
		"စက်|စက်တင်ဘာ|სექ|სექტემბერი|ሴፕቴ|ሴፕቴምበር|កញ្ញា|九月",
	"bisha tobnaad|deireadh fómhair|dfómh|d’oct|d’octubre|eki|ekim|hyd|hydref|loka|lokakuu|oct|october|octobre|" +
		"octombrie|octubre|okt|oktabr|oktoba|oktobar|oktober|oktobris|oktoober|oktubre|oktyabr|október|ott|ottobre|" +
		"ottubru|out|outubro|paź|październik|października|spal|spalio|spalis|tet|tetor|tob|urr|urria|říj|říjen|října|" +
		"οκτ|οκτωβρίου|οκτώβριος|аравдугаар сар|жов|жовтень|жовтня|кас|кастрычнік|кастрычніка|окт|октобар|октомври|" +
		"октябрь|октября|қаз|қазан|հոկ|հոկտեմբեր|հոկտեմբերի|אוק|אוקטובר|أكت|أكتوبر|اكتبر|اكتوبر|اوْکتوْبر|اکتوبر|" +
		"अक्टोबर|अक्तूबर|अक्तू॰|ऑक्टो|ऑक्टोबर|অক্টোবর|ਅਕਤੂ|ਅਕਤੂਬਰ|ઑક્ટો|ઑક્ટોબર|அக்|அக்டோபர்|అక్టో|అక్టోబర్|ಅಕ್ಟೋ|" +
		"ಅಕ್ಟೋಬರ್|ഒക്ടോ|ഒക്ടോബർ|ඔක්|ඔක්තෝබර්|ต.ค|ตุลาคม|ຕ.ລ|ຕຸລາ|အောက်|အောက်တိုဘာ|ოქტ|ოქტომბერი|ኦክተ|ኦክቶበር|តុលា|十月",
	"aza|azaroa|bisha kow iyo tobnaad|de nov|de novembre|kas|kasım|kit|lapkr|lapkritis|lapkričio|lis|listopad|" +
		"listopada|listopadu|marras|marraskuu|nob|nobiyembre|nobyembre|noiembrie|nov|novemba|novembar|november|novembre|" +
		"novembris|novembro|novembru|noviembre|noy|noyabr|nën|nëntor|nóv|nóvember|samh|samhain|stu|studeni|studenoga|" +
		"tach|tachwedd|νοέ|νοέμβριος|νοε|νοεμβρίου|арван нэгдүгээр сар|лис|листопад|листопада|ліс|лістапад|лістапада|" +
		"нов|новембар|ное|ноември|ноя|ноябрь|ноября|қар|қараша|նմբ|նոյեմբեր|նոյեմբերի|נוב|נובמבר|نوامبر|نوف|نوفمبر|" +
		"نومبر|نوْوامبر|नवंबर|नव॰|नोभेम्बर|नोव्हें|नोव्हेंबर|নভেম্বর|ਨਵੰ|ਨਵੰਬਰ|નવે|નવેમ્બર|நவ|நவம்பர்|నవం|నవంబర్|ನವೆಂ|" +
		"ನವೆಂಬರ್|നവം|നവംബർ|නෙවැ|නොවැම්බර්|พ.ย|พฤศจิกายน|ພ.ຈ|ພະຈິກ|နို|နိုဝင်ဘာ|ნოე|ნოემბერი|ኖቬም|ኖቬምበር|វិច្ឆិកា|十一月",
	"abe|abendua|ara|aralık|bisha laba iyo tobnaad|de des|de desembre|dec|decembar|december|decembrie|decembris|" +
		"decembro|dek|dekabr|des|desemba|desember|desembre|dets|detsember|dez|dezember|dezembro|dhj|dhjetor|dic|" +
		"dicembre|diciembre|dis|disember|disyembre|diċ|diċembru|déc|décembre|gru|grudnia|grudzień|gruod|gruodis|" +
		"gruodžio|joulu|joulukuu|lit|noll|nollaig|pro|prosinac|prosinca|prosince|prosinec|rha|rhagfyr|δεκ|δεκέμβριος|" +
		"δεκεμβρίου|арван хоёрдугаар сар|гру|грудень|грудня|дек|декабрь|декабря|декември|дец|децембар|жел|желтоқсан|сне|" +
		"снежань|снежня|դեկ|դեկտեմբեր|դեկտեմբերի|דצמ|דצמבר|دسامبر|دسمبر|ديس|ديسمبر|डिसें|डिसेंबर|डिसेम्बर|दिसंबर|दिस॰|" +
		"ডিসেম্বর|ਦਸੰ|ਦਸੰਬਰ|ડિસે|ડિસેમ્બર|டிச|டிசம்பர்|డిసెం|డిసెంబర్|ಡಿಸೆಂ|ಡಿಸೆಂಬರ್|ഡിസം|ഡിസംബർ|දෙසැ|දෙසැම්බර්|ธ.ค|" +
		"ธันวาคม|ທ.ວ|ທັນວາ|ဒီ|ဒီဇင်ဘာ|დეკ|დეკემბერი|ዲሴም|ዲሴምበር|ធ្នូ|十二月",
}

// dayNames are the words of which names of weekdays are made.
var dayNames = "ahad|ahd|al|alh|alhamisi|an|antradienis|aoine|ar|arb|arbaco|asteartea|asteazkena|astelehena|axad|axd|axşamı|az|" +
	"b|ba|baz|bazar|be|ber|biy|biyernes|bảy|c|cax|ceturtdiena|cho|chorshanba|chủ|cn|cs|csütörtök|cts|cum|cuma|" +
	"cumartesi|czw|czwartek|céad|céadaoin|cüm|cümə|d|dc|dg|di|die|diel|dienstag|dijous|dilluns|dim|dimanche|dimarts|" +
	"dimecres|dinsdag|dissabte|diumenge|divendres|dj|dl|do|dom|domenica|domh|domhnaigh|domingo|donderdag|donnerstag|" +
	"ds|dt|du|duminică|dushanba|dv|dé|déar|déardaoin|e|enj|enjte|erb|erbgħa|ertəsi|esmaspäev|f|fim|fimmtudagur|fr|" +
	"fre|fredag|freitag|fri|friday|fös|föstudagur|gio|giovedì|gwe|gwener|günü|h|hai|haoine|huw|huwebes|hétfő|hën|" +
	"hënë|iau|ig|igandea|ij|ijumaa|il|is|isn|isniin|isnin|it|j|jeu|jeudi|jim|jimco|jo|joi|ju|jue|jueves|jum|juma|" +
	"jumaat|jumamosi|jumanne|jumapili|jumat|jumatano|jumatatu|k|kam|kamis|ke|kedd|keskiviikko|ketvirtadienis|kha|" +
	"khamiis|khamis|kolmapäev|kt|l|la|larunbata|lau|lauantai|laugardagur|laupäev|laurdag|lin|linggo|llu|llun|lr|lu|" +
	"luain|luan|lun|lundi|lunedì|lunes|luni|luns|lör|lördag|lø|lør|lørdag|ma|maanantai|maandag|man|mandag|mardi|" +
	"martedì|martes|martë|marți|mer|mercher|mercoledì|mercredi|mi|miercuri|min|minggu|mittwoch|miy|miyerkoles|mié|" +
	"miércoles|mið|miðvikudagur|mo|mon|monday|montag|máirt|mán|mánudagur|må|mån|måndag|mér|mércores|mër|mërkurë|n|" +
	"ne|ned|nedelja|nedeľa|nedjelja|neděle|neljapäev|nhật|nie|niedziela|năm|o|og|on|ons|onsdag|or|osteguna|ostirala|" +
	"otrdiena|p|pay|payshanba|paz|pazar|pazartesi|pe|penktadienis|perjantai|perşembe|pet|petak|petek|pi|piatok|" +
	"piektdiena|pirmadienis|pirmdiena|pią|piątek|pk|pn|po|pon|pondelok|pondělí|ponedeljek|ponedjeljak|poniedziałek|" +
	"pr|pre|premte|prş|pzt|pá|pátek|péntek|pühapäev|qua|quarta|qui|quinta|r|rab|rabu|reede|s|sa|sab|sabado|sabato|" +
	"sabti|sabtu|sadwrn|sal|salaaso|salı|sam|samedi|samstag|sat|saterdag|sath|sathairn|saturday|sb|se|seg|segunda|" +
	"sekmadienis|sel|selasa|senin|seshanba|sestdiena|sex|sexta|shanba|shtunë|sib|sibt|sk|so|sob|sobota|sondag|" +
	"sonntag|sre|sreda|sri|srijeda|st|streda|středa|su|sub|subota|sul|sun|sundag|sunday|sunnudagur|sunnuntai|sv|" +
	"svētdiena|sze|szerda|szo|szombat|sáb|sábado|sáu|sâmbătă|sön|söndag|sø|søn|søndag|t|tal|teisipäev|ter|terça|thu|" +
	"thursday|thứ|ti|tiistai|tir|tirsdag|tis|tisdag|tli|tlieta|tne|tnejn|to|tor|torek|torsdag|torstai|tr|" +
	"trečiadienis|trešdiena|tue|tuesday|ty|tysdag|tư|u|ut|uto|utorak|utorok|v|vasárnap|ven|vendredi|venerdì|venres|" +
	"vi|vie|viernes|vineri|vr|vrijdag|vrydag|wed|wednesday|wo|woensdag|wto|wtorek|xov|xoves|yak|yakshanba|za|" +
	"zaterdag|zo|zondag|çarşamba|çax|çrş|çər|çərşənbə|út|úterý|þri|þriðjudagur|čet|četrtek|četvrtak|čt|čtvrtek|ġim|" +
	"ġimgħa|ħad|ħadd|ħam|ħamis|śro|środa|şnb|şənbə|šeštadienis|št|štvrtok|δευ|δευτέρα|κυρ|κυριακή|πέμπτη|παρ|" +
	"παρασκευή|πεμ|σάββατο|σαβ|τετ|τετάρτη|τρίτη|τρι|аўт|аўторак|ба|баасан|бейсенбі|бс|бя|бямба|воскресенье|вс|вт|" +
	"вто|вторник|вівторок|да|даваа|дс|дүйсенбі|жексенбі|жк|жм|жұма|лх|лхагва|мя|мягмар|нд|нед|недела|неделя|недеља|" +
	"неділя|недјеља|ня|няд|нядзеля|ням|п|пан|панядзелак|пет|петак|петок|петък|пн|пон|понеделник|понедельник|" +
	"понедељак|понеділок|пт|пят|пятница|пятніца|пү|пүрэв|саб|сабота|сб|сейсенбі|сенбі|серада|середа|ср|срд|сре|" +
	"среда|сри|сриједа|сряда|сс|суб|суббота|субота|събота|сәрсенбі|уто|уторак|чацвер|чет|четвер|четверг|четвртак|" +
	"четврток|четвъртък|чт|чцв|ятниця|երեքշաբթի|երկ|երկուշաբթի|երք|կիրակի|կրկ|հինգշաբթի|հնգ|շաբաթ|շբթ|ուր|ուրբաթ|" +
	"չորեքշաբթի|չրք|א|ב|ג|ד|ה|ו|חמישי|ראשון|רביעי|ש|שבת|שישי|שלישי|שני|آخشامی|اتوار|الأحد|الأربعاء|الاثنين|الثلاثاء|" +
	"الجمعة|الخميس|السبت|ب|بدھ|ث|ج|جمعرات|جمعه|جمعہ|جۆمعه|ح|خ|دوشنبه|ر|س|سنیچر|سهشنبه|شنبه|منگل|ن|هفته|پنجشنبه|پير|" +
	"پیر|چارشنبه|چهارشنبه|یکشنبه|आइत|आइतबार|गुरु|गुरुवार|बिही|बिहीबार|बुध|बुधबार|बुधवार|मंगल|मंगलवार|मंगळ|मंगळवार|" +
	"मङ्गल|मङ्गलबार|रवि|रविवार|शनि|शनिबार|शनिवार|शुक्र|शुक्रबार|शुक्रवार|सोम|सोमबार|सोमवार|বুধ|বুধবার|বৃহঃ|বৃহস্পতি|" +
	"বৃহস্পতিবার|মঙ্গল|মঙ্গলবার|রবি|রবিবার|শনি|শনিবার|শুক্র|শুক্রবার|সোম|সোমবার|ਐਤ|ਐਤਵਾਰ|ਬੁੱਧ|ਬੁੱਧਵਾਰ|ਮੰਗਲ|ਮੰਗਲਵਾਰ|" +
	"ਵੀਰ|ਵੀਰਵਾਰ|ਸ਼ਨਿੱਚਰ|ਸ਼ਨਿੱਚਰਵਾਰ|ਸ਼ੁੱਕਰ|ਸ਼ੁੱਕਰਵਾਰ|ਸੋਮ|ਸੋਮਵਾਰ|ગુરુ|ગુરુવાર|બુધ|બુધવાર|મંગળ|મંગળવાર|રવિ|રવિવાર|શનિ|" +
	"શનિવાર|શુક્ર|શુક્રવાર|સોમ|સોમવાર|ச|சனி|செ|செவ்வாய்|ஞா|ஞாயிறு|தி|திங்கள்|பு|புதன்|வி|வியாழன்|வெ|வெள்ளி|ఆది|" +
	"ఆదివారం|గురు|గురువారం|బుధ|బుధవారం|మ|మంగళ|మంగళవారం|మవారం|రవారం|శని|శనివారం|శుక|శుక్ర|స|ಗು|ಗುರುವಾರ|ಬು|ಬುಧವಾರ|ಮಂ|" +
	"ಮಂಗಳವಾರ|ರ|ರವಿವಾರ|ಶ|ಶನಿವಾರ|ಶು|ಶುಕ್ರವಾರ|ಸೋ|ಸೋಮವಾರ|ചൊ|ചൊവ്വ|ഞാ|ഞായര്|തി|തിങ്കള്|ബു|ബുധന്|വെ|വെള്ളി|വ്യാ|വ്യാഴം|ശ|" +
	"ശനി|අ|අඟහරුවාදා|ඉ|ඉරිදා|බ|බදාදා|බ්ර|බ්රහස්පතින්දා|ස|සඳුදා|සි|සිකුරාදා|සෙ|සෙනසුරාදා|จ|จันทร์|พ|พฤ|พฤหัสบดี|พุธ|" +
	"ศ|ศุกร์|ส|อ|อังคาร|อา|อาทิตย์|เสาร์|ກ|ຄ|ງຄານ|ຈ|ດ|ນ|ພ|ພຫ|ພະຫ|ສ|ອ|ອາ|ອາທ|າ|ເສ|ကြာသပတေး|ဂါ|စနေ|တနင်္ဂနွေ|တနင်္လာ|" +
	"တေး|နေ|နွေ|ဗုဒ္ဓဟူး|လာ|သော|သောကြာ|ဟူး|အင်္ဂါ|კვი|კვირა|ოთხ|ოთხშაბათი|ორშ|ორშაბათი|პარ|პარასკევი|სამ|სამშაბათი|" +
	"შაბ|შაბათი|ხუთ|ხუთშაბათი|ሐሙስ|ማክሰ|ማክሰኞ|ረቡዕ|ሰኞ|ቅዳሜ|እሑድ|ዓርብ|ក|គ|ង|ច|ត|ថ|ទ|ធ|ន|បត|ព|យ|រ|រហស|ស|អ|អង|一|三|二|五|六|四|土|" +
	"土曜日|日|日曜日|星期一|星期三|星期二|星期五|星期六|星期四|星期日|月|月曜日|木|木曜日|水|水曜日|火|火曜日|金|金曜日|금|금요일|목|목요일|수|수요일|월|월요일|일|일요일|토|토요일|화|화요일"
