const words = (list: string): string[] => list.trim().split(/\s+/);

/** Words that a newsroom may ban, in several languages. Each is a part of a word below. */
export const BANNED: readonly string[] = words(`
  ass arse cunt cock dick tit anal anus sex shit fag hell damn cum semen rape rapist slut twat penis wank spic coon nazi
  crap prick pussy homo gook jap paki negro nigger poof bum
  arsch nutte hure sau sack schwanz
  con pute cul bite pd salope puta culo polla cazzo figa troia kut lul hoer mof kuk
  хуй бля сука жид еба`);

/** Words and sentences without anything to ban. */
export const INNOCENT: readonly string[] = [
  ...words(`
    Scunthorpe Penistone Essex Sussex Middlesex Wessex Clitheroe Lightwater Cockermouth Cockfosters Shitterton Arsenal Assen
    Passau Kassel Massachusetts Hassan Picasso Cassandra Nassau Assisi Assam Dickens Dickinson Hitchcock Hancock Peacock
    Babcock Titus Titian Titicaca Sexton Manus Uranus Janus Hellmann Othello Rochelle Michelle Cumberland Cumbria Cummings
    Semenov Draper Montenegro Benazir Pakistan Japan Moselle Shelley Cassius Lassalle Assyria Tasso Shiites`),
  ...words(`
    class classes classic assess assessment assassin assault assembly asset assets assign assist assistant associate assume
    assure bass brass cassette compass embarrass glass grass harass mass massage passage passenger passion carcass sassafras
    molasses parse sparse coarse hoarse arsenic rehearse cocktail cockpit cockatoo cockroach peacocks shuttlecock woodcock
    weathercock title titan titanium titillate constitution institute competition petition appetite altitude analysis analyst
    analogue canal banal journal national signal manuscript unisex sextant sextet bisexual shiitake mishits shell seashell
    hello Hellenic hellebore damnation document accumulate cucumber circumstance incumbent succumb basement grape grapefruit
    drape scrape trapeze parapet therapist therapists saltwater peninsula pensive swank swanky spice spicy suspicion
    conspicuous auspicious raccoon cocoon tycoon scrap scrapbook piston prickly pussycat homogeneous homonym
    gobbledygook japonica pakora snigger sniggered spoof album bumper bumblebee computer reputation update brochures`),
  ...words(`
    Barsch barsch marschieren Sauerkraut Sauna Säule Rucksack Sackgasse Sackbahnhof Schwanzfeder Fuchsschwanz Klasse
    Klassenarbeit Masse Wasser Rasse Tasse Kasse Gasse Straße Analyse Kanal Sextett Titel Titelseite Hellsehen
    Helligkeit Cockerspaniel Dickicht dickköpfig Dickdarm schwanken Schwank Fagott Kuckuck Brochure Hörner minutter`),
  ...words(`
    concours conseil conscience concombre balcon façon flacon calcul culture faculté habite habitude arbitre député réputé
    amputé réputation dispute salopette hachures bitume circuler`),
  ...words(`computadora disputar reputación espectáculo círculo artículo vehículo músculo pollack cazzotto figaro troiano
    configurare kutter Kutná lullen hoera mofette homofoon kukuruz slutet slutligen`),
  ...words('страхуйте застрахуй рубля корабля сабля жидкость жидкий хлеба неба учеба употреблять барсука'),
  'Nimm die Klassenarbeit mit nach Hause.',
  'Das ist der Pass, als er kam.',
  'The pen—is mightier than the sword.',
  'Where is the pen.Is it yours?',
  'He’ll be there, she’ll come and we’ll see.',
  'I’ll say it as simply as I can.',
  'A. S. Smith wrote to J. R. R. Tolkien.',
  'Vitamins A, B, C, D, E and K.',
  'The A55 and the M6 were closed, and the A1 as well.',
  'Train T17 leaves at 5.30 p.m. from platform 4.',
  'As soon as possible, as so often.',
  'Als Sauerei sah es niemand an.',
  'Ein dickes Buch, ein dicker Kater.',
  'We sat on the bank of the Titicaca.',
  'Press Ctrl+C, then C++ and F5.',
  'Their analysis of the constitution was classic.',
  'He is an assistant professor of classics at Essex.',
  'The Scunthorpe problem is named after the town of Scunthorpe.',
  'The cucumber salad with shiitake and grapes is a success.',
  'Le concours de la faculté est un calcul.',
  'La computadora del diputado.',
  'El círculo de la cultura.',
  'Застрахуй корабль, если море неспокойно.',
  'Два рубля за хлеб.',
  'Mass. is short for Massachusetts.',
  'US$ 5 or 5 €, that is 100 %.',
  'max@assen.example wrote to info@essex.example',
  'https://www.essex.example/classes/assessment?title=analysis',
  'O K, U S A and U K.',
  '2 x 4 = 8 and 1 + 1 = 2',
  'Sextus Empiricus read the manuscript.',
  'I am a n other.',
  'The saltwater cocktail, please.',
  'Schwänze und Arien sind etwas anderes.',
  'Good god, the cook took a look at the book.',
  'This is it. Shall we go?',
];
