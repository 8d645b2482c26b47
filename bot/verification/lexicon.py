"""Words of the news that the checks know: same meaning, opposite meaning, no meaning of their own.

Everything is folded as `bot.verification.reading` folds: lower case, no accents.
"""

from __future__ import annotations


def listed(*lines: str) -> tuple[str, ...]:
    """Return the words of ``lines`` in order.

    >>> listed("one two", "three")
    ('one', 'two', 'three')
    """
    return tuple(" ".join(lines).split())


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


def _groups(*lines: str) -> dict[str, str]:
    """Return each word with the name of its group, which is the first word behind a ``=``."""
    return {word: "=" + line.split()[0] for line in lines for word in line.split()}


FUNCTION_WORDS = _words(
    "a an the this that these those and or but nor so yet if then than as at by for from in",
    "into of off on onto out over per to toward towards under up upon via with within without",
    "about above across after against along amid among around before behind below beneath",
    "beside besides between beyond despite down during except inside like near outside since",
    "through throughout till until is am are was were be been being do does did doing done has",
    "have had having will would shall should can could may might must ought i me my we our ours",
    "us you your yours he him his she her hers it its they them their theirs who whom whose",
    "which what when where why how there here not no none neither never also too very just only",
    "even still already again further more most less least much many few some any each every",
    "either both all other another such own same while because although though whereas however",
    "therefore thus moreover meanwhile later earlier ago once soon himself herself itself",
    "themselves ourselves myself yourself one ones isn't aren't wasn't weren't",
    "don't doesn't didn't hasn't haven't hadn't won't wouldn't can't cannot couldn't shouldn't",
    "mustn't mightn't",
)

FIGURES = {
    word: str(value)
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
            "fifteen sixteen seventeen eighteen nineteen twenty",
        )
    )
}
"""Number words that count as the same word as their digits."""
NUMBER_WORDS = FIGURES.keys() | _words(
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion",
    "dozen dozens hundreds thousands millions billions half tens scores",
)

SAME = _groups(
    "kill kills killed killing dead die dies died dying death deaths deadly fatal fatally"
    " perish perished fatality fatalities slain lives",
    "injure injures injured injuring injury injuries wound wounds wounded wounding hurt hurts"
    " casualty",
    "say says said saying state stated states tell tells told telling remark remarked",
    "person people persons citizens individuals humans human someone somebody",
    "child children kid kids minors youngsters",
    "woman women female lady ladies",
    "man men male gentleman gentlemen guy guys",
    "rise rises rose risen rising increase increases increased increasing climb climbs"
    " climbed grow grows grew grown growing raise raises raised raising gain gained gains hike"
    " hiked surge surged higher jumped jump",
    "fall falls fell fallen falling decrease decreases decreased decreasing drop drops"
    " dropped decline declines dropping cut cuts cutting lower lowered lowers lowering reduce"
    " reduced reduces reduction plunge plunged shrank shrink",
    "win wins won winning victory victorious triumph",
    "lose loses lost losing defeat loss",
    "begin begins began begun beginning start starts started starting launch launched",
    "finish ends ended ending finishes finished conclude concluded concludes",
    "buy buys bought buying purchase purchased purchases acquire acquired acquires acquisition",
    "sell sells sold selling sale",
    "arrest arrests arrested arresting detain detained detains custody detention",
    "release releases released freed free releasing",
    "approve approves approved approving approval pass passed passes",
    "reject rejects rejected rejecting rejection",
    "accept accepts accepted accepting acceptance",
    "confirm confirms confirmed confirming confirmation",
    "deny denies denied denying denial",
    "fire blaze fires",
    "film movie films movies",
    "attack attacks attacked attacking assault assaulted",
    "elect elects elected election elections",
    "resign resigns resigned resigning resignation quit",
    "percent percentage per-cent",
    "marry married marries marriage wed",
    "quake earthquake quakes earthquakes",
    "automobile car cars",
    "bicycle bike bikes bicycles",
    "policeman policemen officer officers police constable cop cops",
    "plane aircraft airplane aeroplane planes airliner jet",
    "ship vessel ships vessels boat boats",
    "hit hits hitting struck strike strikes striking",
    "build built builds building construct constructed construction",
    "make makes made making",
    "rescue rescued rescues rescuing save saved saves",
    "let allow allows allowed permit permitted permits",
    "ban bans banned banning prohibit prohibited prohibits outlaw outlawed forbid forbade",
    "destroy destroyed destroys destruction demolish demolished",
    "doctor doctors physician physicians",
    "lawyer lawyers attorney attorneys solicitor",
    "company firm companies firms corporation",
    "leave leaves left leaving depart departed departs",
    "arrive arrives arrived arriving arrival",
    "shoot shot shoots shooting gunned gunfire",
    "run ran runs running",
    "pay paid pays paying",
    "steal stole stolen steals stealing",
    "write wrote written writes writing",
    "speak spoke spoken speaks speaking",
    "break broke broken breaks breaking",
    "drive drove driven drives driving",
    "fly flew flown flies flying flight flights",
    "see saw seen sees seeing",
    "send sent sends sending",
    "spend spent spends spending",
    "hold held holds holding",
    "keep kept keeps keeping",
    "bring brought brings bringing",
    "catch caught catches catching",
    "teach taught teaches teaching",
    "lead led leads leading",
    "meet met meets meeting",
    "sit sat sits sitting",
    "stand stood stands standing",
    "sink sunk sank sinks sinking",
    "throw threw thrown throws throwing",
    "choose chose chosen chooses choosing choice",
    "know knew known knows",
    "draw drew drawn draws drawing",
    "become became becomes becoming",
    "come came comes coming",
    "eat ate eaten eats eating",
    "drink drank drunk drinks drinking",
    "ride rode ridden rides riding",
    "wear wore worn wears wearing",
    "sleep slept sleeps sleeping asleep",
    "swim swam swum swims swimming",
    "lend lent lends lending",
    "vote voted votes voting",
    "take took takes taken taking",
    "give gave gives given giving",
    "go goes went gone going",
    "get gets got getting obtain obtained",
    "find found finds finding discover discovered discovers discovery",
    "sue sued sues suing lawsuit",
    "show shows showed shown showing reveal revealed reveals",
    "think believe believed believes thought thinks",
    "fight fought fights fighting",
    "defense defence",
    "center centre centers centres",
    "usd dollar dollars,",
)

OPPOSITE = tuple(
    (_words(one), _words(other))
    for one, other in (
        ("=kill", "=injure unharmed unhurt survive surviv survivor alive unscath safe"),
        ("=rise", "=fall unchang steadi stabl"),
        ("=fall", "=rise unchang steadi stabl"),
        ("=win", "=lose"),
        ("=begin", "=finish"),
        ("=buy", "=sell"),
        ("=arrest", "=release"),
        ("=approve =accept support back endors welcom", "=reject oppos condemn veto block"),
        ("=confirm", "=deny"),
        ("=let", "=ban"),
        ("=leave", "=arrive remain stay"),
        ("=man boy husband son brother father", "=woman girl wife daughter sister mother"),
        ("open reopen", "close shut closur"),
        ("guilti convict", "innoc acquit clear"),
        ("legal", "illeg unlaw"),
        ("ally alli", "enemi foe"),
        ("major", "minor"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("import", "export"),
        ("true genuin authent", "fals fake"),
        ("success succeed", "fail failur unsuccess"),
        ("old elder", "young younger"),
        ("hot warm", "cold cool"),
        ("black", "white"),
        ("day morn", "night even"),
        ("full", "empti"),
        ("indoor insid", "outdoor outsid"),
        ("sit", "stand =run walk"),
        ("sleep asleep", "awak =run jump"),
        ("first", "last"),
        ("best", "worst"),
        ("profit", "=lose"),
        ("former", "current incumb"),
        ("join", "=leave"),
        ("lift", "impos"),
        ("land", "=takeoff"),
    )
)

COUNTRIES = _groups(
    "usa us u.s america american americans u.s.a",
    "uk u.k britain british briton britons",
    "russia russian russians",
    "syria syrian syrians",
    "china chinese",
    "france french frenchman frenchwoman",
    "germany german germans",
    "spain spanish spaniard spaniards",
    "italy italian italians",
    "poland polish pole poles",
    "turkey turkish turks turkiye",
    "greece greek greeks",
    "netherlands dutch holland",
    "belgium belgian belgians",
    "switzerland swiss",
    "sweden swedish swedes swede",
    "denmark danish danes dane",
    "norway norwegian norwegians",
    "finland finnish finns",
    "ireland irish",
    "wales welsh",
    "scotland scottish scots scot",
    "england english",
    "portugal portuguese",
    "ukraine ukrainian ukrainians",
    "iran iranian iranians",
    "iraq iraqi iraqis",
    "israel israeli israelis",
    "palestine palestinian palestinians",
    "lebanon lebanese",
    "egypt egyptian egyptians",
    "saudi saudis",
    "yemen yemeni yemenis",
    "japan japanese",
    "korea korean koreans",
    "india indian indians",
    "pakistan pakistani pakistanis",
    "afghanistan afghan afghans",
    "canada canadian canadians",
    "mexico mexican mexicans",
    "brazil brazilian brazilians",
    "argentina argentine argentinian argentines",
    "chile chilean chileans",
    "peru peruvian peruvians",
    "cuba cuban cubans",
    "venezuela venezuelan venezuelans",
    "australia australian australians",
    "philippines filipino filipinos philippine",
    "thailand thai thais",
    "vietnam vietnamese",
    "burma myanmar burmese",
    "czechia czech czechs",
    "hungary hungarian hungarians",
    "austria austrian austrians",
    "europe european europeans",
    "africa african africans",
    "asia asian asians",
    "nigeria nigerian nigerians",
    "kyiv kiev",
    "odesa odessa",
    "mumbai bombay",
    "isis isil daesh",
    "un u.n",
    "eu e.u",
)
PAIRS = {
    ("united", "states"): "=usa",
    ("united", "kingdom"): "=uk",
    ("great", "britain"): "=uk",
    ("united", "nations"): "=un",
    ("european", "union"): "=eu",
    ("islamic", "state"): "=isis",
}

TITLES = _words(
    "president vice prime minister mr mrs ms miss dr prof professor sir dame lord lady king",
    "queen prince princess pope sen senator rep representative gov governor mayor gen general",
    "lt lieutenant col colonel maj major capt captain sgt sergeant adm admiral judge justice",
    "chancellor secretary chief director spokesman spokeswoman spokesperson chairman chairwoman",
    "ceo deputy foreign defence defense interior inspector officer commissioner ambassador rev",
    "reverend bishop sheikh ayatollah",
)
STARTERS = _words(
    "police officials authorities people residents witnesses officers rescuers experts",
    "investigators prosecutors doctors lawyers critics supporters opponents protesters",
    "demonstrators scientists researchers troops soldiers rebels militants activists",
    "firefighters engineers workers passengers reports report data figures results analysts",
    "economists ministers lawmakers leaders members parliament government company article",
    "articles yes however according today yesterday meanwhile rain snow fire heavy local state",
    "new nobody everyone everybody anyone nothing everything someone somebody two three four",
    "five six seven eight nine ten eleven twelve half dozens hundreds thousands millions",
    "several nearly almost around roughly approximately following including separately instead",
    "last next earlier later three-quarters additionally furthermore overall finally initially",
    "both sources rescue emergency medical hospital military army judges teachers students",
    "parents children women men ministry council court city state company union health crews",
    "teams staff crew voters",
)
