"""Streams made from forms: many texts from one template about different things, recurring columns, and updates of one story."""

# ruff: noqa: E501

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 7, tzinfo=UTC)  # a Monday

# Beginnings and endings: every form and every story gets names of its own.
PLACES = {
    "en": (
        "Tol Sen Kell Lad Ver Oster Quil Hes Gren Mar Dane Pel Nor Ald Thor Bex Wy Cran Fen Hart",
        "lan ridge ham rick by worth combe ford stead wick mouth field",
    ),
    "de": (
        "Hallen Grün Ost Brenz Kalten Wieden Loh Sund Reichen Ufer Alt Zorn",
        "tal wiesen rau feld bach au mar heim stadt berg",
    ),
    "fr": ("Val Séri Mont Cour Argen Bris Lor Pont Grav Taver", "orbe gnac fleury telle teau sac mont elle ières nay"),
    "es": ("Villa Monte Alco Peña Riba Car Soti Nava Buit Orihu", "rosa jo bera lta dera mona llo rredo rera ela"),
    "it": (
        "Monte Rav Castel Pietra Gall Sorv Bren Cavr Foss Nerv",
        "lupo ezzo novo santa arno ello tino iago alta esa",
    ),
    "nl": ("Ooster Brak Hem Wier Lutje Zand Ter Dui Koll Vaas", "veld el men den gat hoek borg ven um sen"),
    "pl": ("Zal Grab Lip Orzech Brzez Kamion Sosn Wierz Dobr Rud", "esie owo iny ów ina ka ówka bno owice awa"),
    "ru": ("Заре Берёз Луго Красно Озер Горе Усть Сосно Поля Ручь", "чье овка вое город ск лово инск горск новка ёво"),
    "tr": ("Akça Yeşil Kızıl Taş Gök Kara Sarı Boz Çam Demir", "köy ova dere lık pınar bağ kaya dağ lıca tepe"),
    "pt": ("Ribei Mon Alvo Figuei Caste Pene Sob Lago Vila Azi", "ra santo rada ró lões do ral aça rinho nhal"),
    "zh": ("青石 白河 东岭 南溪 柳林 金沙 云台 北塘 清水 长亭", "镇 县 市 区 乡"),
    "ja": ("青川 北野 白浜 東郷 南原 高森 西岡 大谷 石津 金山", "市 町 村 区 郡"),
    "ar": ("الزهر النخيل الواح السلام الربيع المنصور الصف البستان القلع الوادي", "اء ية ان ين ون"),
}
PEOPLE = {
    "en": (
        "Dora Peter Martha Hugo Nina Owen Greta Silas Ada Luke Ivy Noel",
        "Lindt Hallam Venn Prell Castor Frail Mills Boone Turner Ferris Marsh Pratt",
    ),
    "de": (
        "Erna Karl Jutta Uwe Heike Rolf Ines Bernd Gisela Olaf",
        "Vogt Seidel Brandt Lindner Sommer Krüger Pohl Haas Kraft Timm",
    ),
    "fr": (
        "Odette Luc Claire Henri Jeanne Alain Sylvie Paul Nadia Marc",
        "Marchal Perrin Vasseur Dupuy Roche Colas Mercier Guérin Faure Tissot",
    ),
    "es": (
        "Rosa Jorge Elena Pablo Marta Luis Inés Raúl Carla Hugo",
        "Prieto Salas Duarte Cano Rivas Bravo Soler Peña Mora Vidal",
    ),
    "ru": (
        "Анна Пётр Мария Игорь Ольга Сергей Нина Антон Вера Олег",
        "Лебеда Гром Зуй Нос Белых Крыло Орлик Чугун Юдин Рыба",
    ),
}
COMPANIES = {
    "en": (
        "Orvane Belmont Kestrel Halden Prism Norwick Tarn Aster Colby Veld Lumen Saxby",
        "Group Steel Foods Marine Textiles Energy Logistics Pharma Paper Mining Optics Motors",
    ),
    "de": (
        "Ostwerk Hansen Brenner Nordlicht Talbau Weser Rhönglas Kranich Silber Moorland",
        "AG Stahl Chemie Energie SE Logistik Glas Reisen Pharma Agrar",
    ),
    "fr": (
        "Orvalis Belmont Kestrel Halden Prisme Norval Logitarn Astéria Colbert Veldis",
        "SA Groupe Marine Textiles Énergie Mines Pharma Optique Moteurs Papier",
    ),
    "zh": ("东岳 华澜 青禾 海陵 锦云 北川 通达 明康 白桦 金脉", "集团 钢铁 食品 船业 纺织 能源 物流 制药 纸业 矿业"),
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "ru": "понедельник вторник среду четверг пятницу субботу воскресенье",
    "tr": "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}
CHOICES = {
    "en": {
        "thing": "a lorry fire|a three-car crash|a burst pipe|a fallen tree|an oil spill|flooding|a gas leak",
        "dish": "lentil soup|roast trout|plum cake|onion tart|bean stew|apple pie|fried noodles|herb omelette",
        "film": "The Long Field|Night Ferry|Pointless Facts|Lighthouse Men|Glass Garden|Second Winter|Red Harbour|Paper Moonlight",
        "sky": "fog in the valleys|showers from noon on|sunny spells|a fresh wind from the north|frost in the morning|thunder in the evening",
        "advice": "take a rest|check the small print|say what you feel|call an old friend|mind the money|be patient with a colleague|go for a walk|trust your first idea",
        "setter": "Magpie|Linnet|Heron|Wren|Bittern|Swift|Plover|Dunlin",
        "street": "Mill Lane|Church Street|Station Road|King Street|Dock Row|Elm Grove|High Bridge|Foundry Way",
    },
    "de": {
        "thing": "einem Wasserrohrbruch|einem Unfall mit drei Autos|einem Lkw-Brand|einem umgestürzten Baum|einer Ölspur|Überflutung",
        "sky": "Nebel in den Tälern|Schauer ab Mittag|viel Sonne|frischer Wind aus Nord|Frost am Morgen|Gewitter am Abend",
        "advice": "gönnen Sie sich Ruhe|lesen Sie das Kleingedruckte|sagen Sie, was Sie fühlen|rufen Sie einen Freund an|achten Sie aufs Geld|haben Sie Geduld",
        "film": "Das lange Feld|Nachtfähre|Der gläserne Garten|Roter Hafen|Zweiter Winter|Die Wärter|Papiermond",
    },
    "fr": {
        "thing": "un accident|un incendie de camion|une fuite de gaz|la chute d'un arbre|une inondation",
        "sky": "des brumes dans les vallées|des averses à midi|un grand soleil|un vent de nord|des gelées au matin|des orages le soir",
        "advice": "prenez du repos|lisez bien le contrat|dites ce que vous ressentez|appelez un ami|surveillez vos dépenses|soyez patient",
    },
    "es": {
        "sky": "niebla en los valles|chubascos al mediodía|mucho sol|viento del norte|heladas por la mañana|tormentas por la tarde",
        "advice": "descanse un poco|lea la letra pequeña|diga lo que siente|llame a un amigo|cuide el dinero|tenga paciencia",
    },
    "ru": {
        "sky": "туман в низинах|ливни после полудня|ясно и сухо|северный ветер|утренние заморозки|вечером гроза",
        "advice": "отдохните немного|читайте мелкий шрифт|говорите что чувствуете|позвоните другу|берегите деньги|наберитесь терпения",
    },
}

# (language, kind, title, text): kind "form" is about another thing each time, "column" comes every day.
FORMS: list[tuple[str, str, str, str]] = [
    (
        "en",
        "form",
        "Magnitude {m} earthquake recorded near {place}",
        "An earthquake of magnitude {m} was recorded {n} kilometres from {place} at {h} local time, according to the national seismological service. The quake happened at a depth of {d} kilometres.\n\nIn the past ten days there have been no earthquakes of magnitude 3.0 or greater centred nearby. Did you feel this earthquake? Consider reporting what you felt to the service on its website.\n\nThis text was created automatically from the data of the seismological service and was reviewed by an editor before it was published.",
    ),
    (
        "en",
        "form",
        "{company} shares rise {p}% in heavy trading",
        "Shares of {company} rose {p} percent on {day} in heavy trading on the Halvern exchange. The stock closed at {d} crowns, and about {m} million shares changed hands during the session.\n\nOver the last twelve months the stock has traded between a low and a high that are given in the table below, with an average daily volume that was well exceeded. Analysts who follow the company rate the stock as a hold on average.",
    ),
    (
        "en",
        "form",
        "{road} closed near {place} after {thing}",
        "The {road} is closed in both directions near {place} after {thing}, police said. Emergency services are on the scene and drivers are asked to avoid the area and to find another route.\n\nTraffic is being diverted, and long delays are expected on the roads nearby. Anybody who saw what happened or has dashcam footage is asked to call the police on the usual number.",
    ),
    (
        "en",
        "form",
        "Police appeal to find missing {person}, {age}",
        "Police are appealing for help to find {person}, {age}, who has gone missing from {place}. The missing person was last seen on {day} at about {h} and was wearing dark clothes.\n\nOfficers and the family are growing increasingly concerned and would like to hear from anybody who knows where to look. Anyone with information is asked to contact the police on the non-emergency number.",
    ),
    (
        "en",
        "form",
        "Obituary: {person}, {age}, of {place}",
        "{person}, {age}, of {place}, passed away peacefully surrounded by family. Visitation will be held at the Oakley funeral home from four to eight on {day}. A service will follow at St Anne's church, and the burial will be private.\n\nIn lieu of flowers, the family asks for donations to the hospice that looked after our loved one in the last weeks.",
    ),
    (
        "en",
        "form",
        "{company}: Q4 Earnings Snapshot",
        "{company} on {day} reported fourth-quarter net income of {d} million crowns. The company said it had net income of {m} crowns per share. Earnings, adjusted for one-time costs, topped the expectations of analysts.\n\nThe company posted revenue of {big} million crowns in the period, also topping forecasts. This story was generated automatically using data from a market service.",
    ),
    (
        "en",
        "form",
        "{place} planning: {n} homes proposed at {street}",
        "Plans for {n} homes at {street} in {place} have been sent to the council. The application can be seen on the portal under number {big}, and comments may be sent until {day}.\n\nThe officers will write a report with a recommendation. A decision is expected at one of the next meetings of the committee, which are open to the public.",
    ),
    (
        "en",
        "form",
        "Food hygiene rating handed to {place} restaurant",
        "A restaurant in {place} has been given a new food hygiene rating, the website of the food agency shows. The place at {n} {street} was given a score of {digit} after assessment on {day}.\n\nThe rating shows how well hygiene standards are followed. Inspectors look at how food is prepared, cooked and stored, and at the state of the building.",
    ),
    (
        "en",
        "form",
        "Home of the week in {place} goes on sale for {big} crowns",
        "A house with {digit} bedrooms on {street} in {place} has come on the market for {big} crowns. The property measures {n} square metres and has a garden that faces south.\n\nThe kitchen was renewed not long ago and leads to a dining room. Viewings are by appointment with the agent only, and early interest is advised.",
    ),
    (
        "en",
        "form",
        "{place} beat visitors {digit}-0 in county league",
        "{place} won {digit}-0 at home on {day} with a goal from {person} after {n} minutes. The hosts had the better of the first half and defended well after the break.\n\nThe league goes on next weekend with a full round of matches. The table and all results can be found on the page of the association.",
    ),
    (
        "en",
        "form",
        "Burglary at {place} shop: witnesses sought",
        "Burglars broke into a shop on {street} in {place} in the night to {day} and stole goods worth {big} crowns. They forced a back door and left unseen.\n\nThe police have secured traces and ask for witnesses. Who has seen something suspicious is asked to report to any station or by telephone.",
    ),
    (
        "en",
        "form",
        "Village of the month: {place}",
        "This month our series visits {place}, which has {big} inhabitants and a church from the year 1{n}0. {person} has lived here for {age} years and shows us round.\n\nReaders can propose the next village. Send us a line with three reasons why your place should be shown, and with a picture if you have one.",
    ),
    (
        "en",
        "form",
        "{person} named chief executive of {company}",
        "{company} has named {person}, {age}, as chief executive, the company said on {day}. The appointment takes effect on the first of the next month and was approved by the board without dissent.\n\nThe change comes at the end of an ordered search. The company thanked the outgoing head for many years of service and wished all the best for the future.",
    ),
    (
        "en",
        "form",
        "Water outage in {place}: {n} streets affected",
        "Households in {n} streets of {place} are without water after a burst main, the utility said at {h}. Crews are at work and a tanker stands in {street}.\n\nThe water may look cloudy when the supply is back. This does no harm; let the cold tap run for some minutes until it is clear again.",
    ),
    (
        "en",
        "column",
        "What to watch on TV tonight: {day}",
        "Our pick tonight is {film} at {h} on Channel {digit}. Later there is {film2} for those who stay up, and fans of sport can see {place} against {place2} from half past seven.",
    ),
    (
        "en",
        "column",
        "Your horoscope for {day}",
        "Aries: {advice}. Taurus: {advice2}. Gemini: {advice3}. Cancer: {advice4}. Leo: {advice}, and Virgo: {advice3}.",
    ),
    (
        "en",
        "column",
        "Crossword No {serial}",
        "Today's puzzle was set by {setter}. Print it out or solve it on your phone. The solution appears tomorrow.",
    ),
    (
        "en",
        "column",
        "Today's sporting fixtures",
        "FOOTBALL (7.45pm unless stated) County league: {place} v {place2}, {place3} v {place4}. RUGBY Northern trophy: {place5} v {place6}. SNOOKER {place7} open, round {digit}.",
    ),
    (
        "en",
        "column",
        "Weather: {sky}",
        "{day} brings {sky}. Temperatures reach {n} degrees on the coast. {day2} has {sky2}.",
    ),
    (
        "en",
        "column",
        "Where the speed cameras are today",
        "Police check speeds today on the {road} near {place}, in {street} in {place2} and by the school in {place3}. Further checks are possible at any time.",
    ),
    (
        "en",
        "column",
        "Lotto numbers for {day}",
        "The winning numbers in {day}'s draw were {n}, {n2}, {n3}, {n4} and {n5}. The jackpot stands at {age} million.",
    ),
    (
        "en",
        "column",
        "Exchange rates of the central bank for {date}",
        "The central bank has published its reference rates for {date}. One dollar costs {d} crowns and one euro costs {d2} crowns. The rates serve as the basis for customs, taxes and the accounts of companies.\n\nCommercial banks and exchange offices set their own rates, which may differ from the reference rates.",
    ),
    (
        "en",
        "column",
        "Flu: {big} new cases in the county",
        "The health office registered {big} new cases of influenza in the county on {day}, and {digit} people died. {n} patients are in hospital. Last week the figure was {n2}.",
    ),
    (
        "en",
        "column",
        "Recipe of the day: {dish}",
        "Today we cook {dish}. You need {n} minutes, one pan and {digit} onions. Serve it hot with bread, and keep the rest for {day}.",
    ),
    (
        "de",
        "form",
        "Erdbeben der Stärke {m} bei {place}",
        "Ein Erdbeben der Stärke {m} ist am {day} um {h} Uhr bei {place} registriert worden. Der Herd lag nach Angaben des Erdbebendienstes in einer Tiefe von {d} Kilometern.\n\nHaben Sie das Beben gespürt? Auf der Seite des Dienstes können Sie Ihre Beobachtung melden. Dieser Text wurde automatisch aus den Daten des Erdbebendienstes erstellt.",
    ),
    (
        "de",
        "form",
        "Vermisst: {person} ({age}) aus {place}",
        "Die Polizei sucht nach {person} ({age}) aus {place}. Die vermisste Person wurde zuletzt am {day} gegen {h} Uhr gesehen und ist seither nicht nach Hause gekommen.\n\nWer etwas gesehen hat oder den Aufenthaltsort kennt, wird gebeten, sich bei jeder Dienststelle oder unter dem Notruf zu melden.",
    ),
    (
        "de",
        "form",
        "Vollsperrung bei {place} nach {thing}",
        "Die Landstraße bei {place} ist nach {thing} seit {h} Uhr in beiden Richtungen gesperrt. Der Verkehr wird umgeleitet, es kommt zu langen Staus.\n\nDie Arbeiten werden voraussichtlich mehrere Stunden dauern. Autofahrer werden gebeten, den Bereich weiträumig zu umfahren und Rettungskräften Platz zu machen.",
    ),
    (
        "de",
        "form",
        "{company}: Quartalszahlen im Überblick",
        "{company} hat am {day} einen Quartalsgewinn von {d} Millionen Kronen gemeldet. Der Umsatz lag bei {big} Millionen Kronen und damit über den Erwartungen der Analysten.\n\nFür das laufende Jahr bestätigte das Unternehmen seine Prognose. Dieser Bericht wurde automatisch aus Börsendaten erstellt.",
    ),
    (
        "de",
        "column",
        "Ihr Horoskop für {day}",
        "Widder: {advice}. Stier: {advice2}. Zwillinge: {advice3}. Krebs: {advice4}. Löwe: {advice2}.",
    ),
    (
        "de",
        "column",
        "Das Wetter am {day}",
        "Am {day} gibt es {sky}. Die Temperaturen erreichen {n} Grad. In der Nacht {sky2}.",
    ),
    (
        "de",
        "column",
        "TV-Tipp: {film}",
        "Unser Tipp heute ist {film} um {h} Uhr im Ersten, danach folgt {film2}. Wer Sport mag, sieht {place} gegen {place2}.",
    ),
    (
        "fr",
        "form",
        "Séisme de magnitude {m} près de {place}",
        "Un séisme de magnitude {m} a été enregistré {day} à {h} près de {place}, selon le service de sismologie. Le foyer se situait à {d} kilomètres de profondeur.\n\nAvez-vous ressenti la secousse ? Vous pouvez témoigner sur le site du service. Ce texte a été produit automatiquement à partir des données du service.",
    ),
    (
        "fr",
        "form",
        "Disparition inquiétante de {person}, {age} ans",
        "La gendarmerie lance un appel à témoins pour retrouver {person}, {age} ans, qui a disparu de son domicile à {place}. La personne a été vue pour la dernière fois {day} vers {h}.\n\nToute personne ayant des informations est priée de contacter la brigade la plus proche ou de composer le numéro d'urgence.",
    ),
    (
        "fr",
        "form",
        "{company} : résultats du trimestre",
        "{company} a annoncé {day} un bénéfice net de {d} millions de couronnes pour le trimestre. Le chiffre d'affaires s'est établi à {big} millions, au-dessus des attentes des analystes.\n\nLe groupe confirme ses objectifs pour l'année. Cet article a été produit automatiquement à partir de données de marché.",
    ),
    (
        "fr",
        "column",
        "Votre horoscope de {day}",
        "Bélier : {advice}. Taureau : {advice2}. Gémeaux : {advice3}. Cancer : {advice4}. Lion : {advice2}.",
    ),
    ("fr", "column", "Météo : {sky}", "Ce {day}, {sky} sur la région. Il fera {n} degrés sur la côte. Demain, {sky2}."),
    (
        "es",
        "form",
        "Sismo de magnitud {m} cerca de {place}",
        "Un sismo de magnitud {m} se registró el {day} a las {h} cerca de {place}, según el servicio sismológico. El hipocentro estaba a {d} kilómetros de profundidad.\n\n¿Ha sentido el temblor? Puede contarlo en la página del servicio. Este texto se elaboró de forma automática con los datos del servicio.",
    ),
    (
        "es",
        "form",
        "Buscan a {person}, de {age} años, en {place}",
        "La policía pide ayuda para encontrar a {person}, de {age} años, que desapareció en {place}. Fue vista por última vez el {day} hacia las {h} y llevaba ropa oscura.\n\nQuien tenga información puede llamar al número de emergencias o acudir a la comisaría más cercana.",
    ),
    (
        "es",
        "column",
        "Horóscopo de hoy, {day}",
        "Aries: {advice}. Tauro: {advice2}. Géminis: {advice3}. Cáncer: {advice4}. Leo: {advice2}.",
    ),
    (
        "es",
        "column",
        "El tiempo para el {day}",
        "El {day} habrá {sky}. Se esperan {n} grados en la costa. Por la noche, {sky2}.",
    ),
    (
        "it",
        "form",
        "Terremoto di magnitudo {m} vicino a {place}",
        "Una scossa di terremoto di magnitudo {m} è stata registrata {day} alle {h} vicino a {place}, secondo il servizio sismologico. L'ipocentro era a {d} chilometri di profondità.\n\nAvete sentito la scossa? Potete segnalarlo sul sito del servizio. Il testo è stato creato in modo automatico dai dati del servizio.",
    ),
    (
        "nl",
        "form",
        "Brand in woning in {place}: niemand gewond",
        "In een woning in {place} heeft {day} rond {h} brand gewoed. Niemand raakte gewond, de bewoners konden zelf naar buiten komen. De schade bedraagt {big} kronen.\n\nDe brandweer was met {digit} wagens aanwezig. De oorzaak wordt onderzocht en getuigen kunnen zich melden bij de politie.",
    ),
    (
        "pl",
        "form",
        "Trzęsienie ziemi o sile {m} w pobliżu miejscowości {place}",
        "Trzęsienie ziemi o sile {m} zanotowano o godzinie {h} w pobliżu miejscowości {place}, podała służba sejsmologiczna. Ognisko znajdowało się na głębokości {d} kilometrów.\n\nJeśli wstrząs był odczuwalny, można to zgłosić na stronie służby. Tekst powstał automatycznie na podstawie danych służby.",
    ),
    (
        "ru",
        "form",
        "Землетрясение магнитудой {m} произошло близ города {place}",
        "Землетрясение магнитудой {m} произошло в {day} в {h} близ города {place}, сообщила сейсмологическая служба. Очаг находился на глубине {d} километров.\n\nЕсли вы почувствовали толчки, сообщите об этом на сайте службы. Текст подготовлен автоматически по данным службы.",
    ),
    (
        "ru",
        "form",
        "Пропал человек: {person}, {age} лет",
        "Полиция разыскивает человека по имени {person}, возраст {age} лет, пропавшего в городе {place}. В последний раз его видели в {day} около {h}.\n\nВсех, кто располагает сведениями, просят позвонить в ближайшее отделение или по номеру экстренной службы.",
    ),
    (
        "ru",
        "column",
        "Гороскоп на {day}",
        "Овен: {advice}. Телец: {advice2}. Близнецы: {advice3}. Рак: {advice4}. Лев: {advice2}.",
    ),
    (
        "tr",
        "form",
        "{place} yakınlarında {m} büyüklüğünde deprem",
        "{place} yakınlarında {day} günü saat {h} sularında {m} büyüklüğünde bir deprem kaydedildi. Deprem servisi, sarsıntının {d} kilometre derinlikte olduğunu bildirdi.\n\nDepremi hissettiyseniz servisin sayfasında bildirebilirsiniz. Bu metin servisin verilerinden otomatik olarak hazırlandı.",
    ),
    (
        "pt",
        "form",
        "Sismo de magnitude {m} perto de {place}",
        "Um sismo de magnitude {m} foi registado {day} às {h} perto de {place}, segundo o serviço de sismologia. O foco situava-se a {d} quilómetros de profundidade.\n\nSentiu o abalo? Pode relatá-lo na página do serviço. Este texto foi criado automaticamente a partir dos dados do serviço.",
    ),
    (
        "zh",
        "form",
        "{place}发生{m}级地震",
        "据国家地震台网测定，{day}{h}，{place}发生{m}级地震，震源深度{d}公里。目前暂未收到人员伤亡报告。\n\n如果您感到震动，可以在台网页面上报告您的感受。本文由机器人根据台网数据自动生成，并经编辑审核后发布。",
    ),
    (
        "zh",
        "form",
        "{company}发布第四季度业绩",
        "{company}{day}公布第四季度净利润为{d}亿元，营业收入达到{big}万元，高于分析师此前的平均预期。公司维持全年业绩指引不变。\n\n本文由程序根据市场数据自动生成，仅供参考，不构成任何投资建议。",
    ),
    (
        "ja",
        "form",
        "{place}で震度{digit}の地震",
        "{day}{h}ごろ、{place}で震度{digit}を観測する地震がありました。地震の規模を示すマグニチュードは{m}、震源の深さは{d}キロと推定されます。\n\nこの地震による津波の心配はありません。この記事は気象機関のデータから自動で作成されました。",
    ),
    (
        "ar",
        "form",
        "زلزال بقوة {m} قرب {place}",
        "سجلت محطة الرصد زلزالا بقوة {m} درجات قرب بلدة {place} يوم {day} عند الساعة {h}، على عمق {d} كيلومترا. ولم ترد أنباء عن وقوع إصابات.\n\nإذا شعرت بالهزة فيمكنك إبلاغ المحطة عبر صفحتها. أعد هذا النص آليا من بيانات المحطة وراجعه محرر قبل النشر.",
    ),
]


@dataclass(frozen=True, slots=True)
class Made:
    """An article, and the thing it is about."""

    article: dict[str, str]
    thing: str


def names(table: dict[str, tuple[str, str]], lang: str, between: str, seed: int) -> list[str]:
    """All names of a kind in a language, in an order of the seed's."""
    first, second = table.get(lang, table["en"])
    every = [f"{one}{between}{two}" for one in first.split() for two in second.split()]
    random.Random(seed).shuffle(every)
    return every


def filled(number: int, times: int, seed: int = 7) -> list[Made]:
    """One form filled in several times, about another thing each time; columns a day apart, others some hours."""
    lang, kind, title, text = FORMS[number]
    draw = random.Random(seed * 1000 + number)
    pools = {name: values.split("|") for name, values in CHOICES.get(lang, {}).items()}
    same_language = sum(form[0] == lang for form in FORMS[:number])
    for name, table, between in (
        ("place", PLACES, ""),
        ("person", PEOPLE, " "),
        ("company", COMPANIES, "" if lang == "zh" else " "),
    ):
        every = names(table, lang, between, seed)
        start = same_language * times
        pools[name] = [every[(start + step) % len(every)] for step in range(times)]
    for values in pools.values():
        draw.shuffle(values)
    made = []
    for turn in range(times):
        at = START + (
            timedelta(days=turn, hours=number % 9)
            if kind == "column"
            else timedelta(hours=turn * draw.choice([2, 5, 9]) + number % 7)
        )
        days = DAYS.get(lang, DAYS["en"]).split()
        slots = {
            name + suffix: values[(turn + shift) % len(values)]
            for name, values in pools.items()
            for shift, suffix in enumerate(["", "2", "3", "4", "5", "6", "7"])
        }
        slots |= {
            "m": f"{draw.randint(20, 49) / 10}",
            "d": f"{draw.randint(30, 990) / 10}",
            "d2": f"{draw.randint(2000, 2900) / 100}",
            "h": f"{draw.randint(1, 23)}:{draw.randint(10, 59)}",
            "p": f"{draw.randint(11, 99) / 10}",
            "age": str(draw.randint(14, 90)),
            "big": f"{draw.randint(1, 9)},{draw.randint(100, 999)}",
            "digit": str(draw.randint(2, 9)),
            "road": f"A{draw.randint(10, 99)}",
            "day": days[at.weekday()],
            "day2": days[(at.weekday() + 1) % 7],
            "serial": str(4200 + turn),
            "date": f"March {at.day}",
        }
        slots |= {f"n{suffix}": str(draw.randint(11, 99)) for suffix in ["", "2", "3", "4", "5"]}
        filled_title, filled_text = title.format(**slots), text.format(**slots)
        made.append(
            Made(
                {
                    "id": f"form-{number}-{turn}",
                    "source": f"Outlet {number % 12}",
                    "lang": lang,
                    "title": filled_title,
                    "text": filled_text,
                    "published_at": at.isoformat(),
                },
                f"{number}/{turn}",
            )
        )
    return made


def form_stream(times: int = 10, seed: int = 7) -> list[Made]:
    """All forms filled in, in order of publication."""
    every = [one for number in range(len(FORMS)) for one in filled(number, times, seed)]
    return sorted(every, key=lambda one: (one.article["published_at"], one.article["id"]))
