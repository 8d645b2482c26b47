"""Hard cases of sentence segmentation: what newswire does to full stops.

A broken bar ``¦`` stands where a sentence ends; the text is the same without it.
Grouped by what makes them hard. `benchmarks/sentences.py` measures other
segmenters on the same table.
"""

from __future__ import annotations

MARK = "¦"

TITLES = (
    "Lt. Gen. Sergei F. Rudskoi said five people died.¦ All were Russian.",
    "The Rev. Dr. Martin Luther King Jr. spoke there.¦ Crowds came.",
    "Sen. Susan Collins, R-Maine, and Rep. Ilhan Omar, D-Minn., voted no.¦ Gov. Tim Walz did not comment.",
    "Lt. Gov. Dan Patrick met Maj. Gen. Yekaterina Orlova.¦ She left early.",
    "Mr. He and Mrs. In signed the deal.¦ Ms. So did not.",
    "St. Louis beat Fort St. John.¦ St. Petersburg lost.",
    "Prof. Dr. Anna Weiß teaches in Mt. Vernon.¦ Capt. John Smith does not.",
    "The trial of Cpl. Nathan Cirillo's killer began.¦ Sgt. Maj. Dan Dailey testified.",
    "“I spoke to Col. Richard Kemp,” said Brig. Gen. Mark Martins.¦ “He agreed.”",
    "Fr. Gabriele Amorth and Sr. Helen Prejean attended.¦ Msgr. Georg Ratzinger sang.",
    "LT. GEN. RUDSKOI SPOKE.¦ GEN. MILLER DID NOT.",
    "Atty. Gen. Letitia James sued.¦ Asst. Dist. Atty. Joan Vollero declined to comment.",
)
INITIALS = (
    "J. K. Rowling wrote it.¦ J.K. Rowling owns it.",
    "Vladimir V. Putin met George H. W. Bush.¦ Neither smiled.",
    "Samuel L. Jackson and Franklin D. Roosevelt III are named.¦ W. E. B. Du Bois is not.",
    "John F. Kennedy Jr. died in 1999.¦ He was 38.",
    "It was signed by Michael B.¦ He gave no surname.",
    "Patients took vitamin C.¦ Studies found no effect.",
    "They played in Group B.¦ Spain led it.",
    "Colonies of E. coli grew.¦ So did S. aureus.",
    "O.J. Simpson and A.J. Foyt waited.¦ C.S. Lewis had died.",
    "The firm of R. R. Donnelley & Sons printed it.¦ N. Scott Momaday read it.",
)
COUNTRIES = (
    "U.S. President Donald Trump spoke.¦ The U.S. Senate listened.",
    "He has lived in the U.S. since 2001.¦ His wife left the U.S. in May.",
    "Troops arrived in the U.S.¦ The next day they left.",
    "It happened in Washington, D.C.¦ He was not hurt.",
    "The team arrived in Washington D.C. after many difficulties.¦ It won.",
    "U.N. Secretary-General Antonio Guterres arrived.¦ The U.N. Security Council met.",
    "The U.K. Home Office refused.¦ Officials in the U.K. and the E.U. agreed.",
    "Goods go to the U.S., Canada and the U.K.¦ However, prices rose.",
    "She works for the U.S. Department of Agriculture.¦ It is large.",
    "Is it made in the U.S.?¦ Nobody knows.",
    "It was made in the U.S.A. by hand.¦ It broke.",
    "He moved to Springfield, Ill., in 2010.¦ He died in Gary, Ind., in 2012.",
    "A deputy in L.A. County was shot.¦ Police are searching.",
    "The U.S.-led coalition denied it.¦ Moscow did not.",
    "“They want to leave the U.S.” he said.¦ “They will.”",
)
DATES = (
    "It opened on Jan. 5, 2016, and closed on Feb. 3.¦ Nobody came.",
    "The vote is set for Tues. Sept. 4.¦ Results come on Wed. Sept. 5.",
    "The law passed in Dec. 2011.¦ It failed in Aug. 2012.",
    "He spoke at 5 p.m. on Friday.¦ She left at 6 a.m.¦ They met again later.",
    "The store opens at 9 a.m. Monday.¦ It closes at 5 p.m. EST.",
    "The quake struck at 3:15 a.m. Moscow time.¦ No one was hurt.",
    "Polls close at 8 p.m.¦ Officials expect results by 10 p.m.",
    "The case began in 2012.¦ In 2013 it ended.",
    "She was born in 1950.¦ 39 years later she returned.",
    "Friday, January 4, 2019\n\n¦An apartment building collapsed.¦ It was old.",
    "He died c. 1450 B.C. in Thebes.¦ His son ruled after him.",
)
NUMBERS = (
    "He is No. 1 in the world.¦ No. 2 is injured.",
    "Did he win?¦ No.¦ Serena did.",
    "See Fig. 3 and pp. 12-14.¦ Vol. II has more.",
    "Prices rose 3.5 percent to $4.20.¦ Wages fell 0.7 percent.",
    "It costs Rs. 500.¦ That is Rs. 20 more.",
    "Article I, Sec. 8 applies.¦ So does Art. 5.",
    "About 1,200 people live there.¦ 300 fled.",
    "The index fell to 1.250,5.¦ $5 million was lost.",
    "Turnout was 58%.¦ The results surprised many.",
    "Version 2.0.1 is out.¦ Download it at example.com.",
)
COMPANIES = (
    "Apple Inc. said profit rose.¦ Apple Inc. Chief Executive Tim Cook smiled.",
    "He joined Acme Corp.¦ The company grew.",
    "Shares of Ford Motor Co. and Tata Sons Pvt. Ltd. fell.¦ Warner Bros. Discovery rose.",
    "Yahoo! said it would sell.¦ Yahoo! Inc. was bought by Verizon.",
    "Marks & Spencer plc. rose.¦ So did J.P. Morgan Chase & Co.¦ The market closed.",
    "The Johns Hopkins Univ. School of Medicine agreed.¦ The Dept. of Health did not.",
    "She has a Ph.D. in law and an M.B.A. from Yale.¦ He has a B.A.",
    "The film Airplane! was a hit.¦ So was Jeopardy! on television.",
)
QUOTES = (
    "“We will not leave,” he said.¦ “We live here.”",
    "“It is over.”¦ He left.",
    'He said: "It is over."¦ She did not answer.',
    "He called it ‘a lie.’¦ She agreed.",
    '"Is it true?" asked the judge.¦ "Yes."',
    "“Is it true?” he asked.¦ “It is.”",
    "“Stop!” Mr. Smith shouted.¦ Nobody stopped.",
    "“Why now?” Putin asked.¦ There was no reply.",
    "“He told me, ‘Go home.’”¦ She went home.",
    "She asked “Who did it?” and left.¦ Nobody replied.",
    'He described it as "a war".¦ The minister disagreed.',
    "„Das ist vorbei.“¦ Er ging nach Hause.",
    "« C’est fini. »¦ Il est parti.",
    "“The house was burning.¦ We ran,” she said.",
    "He wrote “Kill them all!!!” on a wall.¦ He was arrested.",
    "They shouted “Freedom! Freedom!” in the square.¦ Police watched.",
)
DATELINES = (
    "MOSCOW (AP) — A helicopter was shot down.¦ Five people died.",
    "ST. LOUIS, Mo. (Reuters) - Shares fell.¦ Bonds rose.",
    "WASHINGTON, D.C. — The Senate voted.¦ It was close.",
    "By Anna K. Smith\n\n¦LONDON, Jan. 4 (Reuters) - Prices rose.",
)
LAYOUT = (
    "Fire in Port Vell\n¦A fire destroyed a warehouse on Friday and its owner was arrested.¦ He denies it.",
    "What they want:\n¦- food\n¦- water\n¦- an end to the war",
    "Demands\n\n¦• More pay.\n¦• Less work.",
    "1. The first demand is pay.\n¦2. The second is time.\n¦3. The third is respect.",
    "a) Stay at home.\n¦b) Wash your hands.",
    "The helicopter was returning to the base after it had\ndelivered aid to the villages that had been captured by\nGen. Smith and his men.¦ Nobody on board had survived the\ncrash.",
    "Q: What happened?\n¦A: Nothing happened.\n¦Q: Why?",
    "Q: Did he go?¦ A: He did.",
    "Who won?\n\n¦Nobody won\n\n¦It rained.",
    "HEADLINE OF THE DAY\n¦Minister resigns\n¦Friday, January 4, 2019",
    "A line ends here\r\n\r\n¦Another begins.",
)
ELLIPSES = (
    "“I … don’t know,” he said.¦ He left.",
    "He waited… and waited.¦ Nobody came.",
    "She left...¦ The door closed.",
    "Benefits are growing [...] for all.¦ We want more.",
    "It will improve [...]¦ However, it takes time.",
    "“... the people,” he said, “deserve better.”¦ They do.",
    "It ended . . . badly.¦ So it goes.",
)
WEB = (
    "Write to a.b@example.co.uk or see www.example.com/a.html?x=1.¦ Then wait.",
    "See https://example.com/What.Is.This?q=A!b for more.¦ It helps.",
    "Amazon.com and Booking.com grew.¦ Node.js did not.",
    "The file is called report.final.PDF and is large.¦ Open it.",
    "That was great! 😀¦ See you soon.",
    "It rained.[1]¦ It snowed.[2][3]¦ It stopped.",
    "It ended well.¦The crowd left.",
)
TOKENISED = (
    "He won in 1956 .¦ She won too .",
    "He said , `` It is over . ''¦ Then he left .",
    'He said , " It is over . "¦ Then he left . ',
    "It belongs to the U.S. .¦ The U.S. Senate agreed .",
    "Mr. Smith met John F. Kennedy .¦ They talked .",
    "They came ( all five . )¦ Nobody left .",
)
PARENTHESES = (
    "He left (at last).¦ She stayed.",
    "He left.¦ (She stayed.)¦ They wrote.",
    "It is odd (why?) but true.¦ So he said.",
    "The BBC (British Broadcasting Corp.) agreed.¦ ITV did not.",
    "Tools (saws, axes, etc.) were stolen.¦ Police came.",
    "He sold saws, axes, etc.¦ Business was good.",
    "In Roe v. Wade the court ruled.¦ In Smith vs. Jones it did not.",
    "Some fruit, e.g. Cox apples, i.e. English ones, sold.¦ Pears did not.",
    "Müller et al. (2010) disagree.¦ Nobody cares.",
)
LANGUAGES = (
    "Am 5. Januar kam Dr. Müller nach Berlin.¦ Er blieb bis zum 20. Jahrhundert.",
    "Das ist z. B. Herr Weber, d. h. der Chef.¦ Er heißt u.a. Nr. 1.",
    "M. Dupont et Mme. Curie sont nés le 1er mai.¦ Ils habitent à Paris.",
    "警方说没有人受伤。¦火已经被扑灭。",
    "「もう終わった。」と彼は言った。¦彼は帰った。",
    "昨日は雨でした。¦今日は晴れですか？¦はい！",
    "यह सच है।¦ वह घर गया।",
    "هل هذا صحيح؟¦ نعم.¦ ذهب إلى البيت.",
    "İstanbul'da yağmur yağdı.¦ İnsanlar evde kaldı.",
    "El Sr. García habló con la Sra. Ruiz.¦ ¿Qué dijo?¦ Nada.",
)

AGENCIES = (
    "Police said the man, identified as Robert E. Lee Jr., 45, was arrested at 11:30 p.m. Saturday.¦ He is being held without bail.",
    "Gen. Mark A. Milley, chairman of the Joint Chiefs, spoke.¦ “We are ready,” Milley said.¦ “Are they?”",
    "The U.S. Supreme Court ruled 5-4.¦ Justice Ruth Bader Ginsburg dissented.",
    "It costs $3.5 billion.¦ That's up from $2.1 billion in Q3.¦ Analysts polled by FactSet expected more.",
    "TOKYO, Aug. 15 (Kyodo) -- Japan marked the day.¦ Emperor Akihito spoke.",
    "“Where were you on Sept. 11?” the lawyer asked.¦ “At home.”",
    "He was born in St. Paul, Minn., and raised in Eau Claire, Wis.¦ His father was a doctor.",
    "Dr. Anthony S. Fauci, M.D., disagreed.¦ So did the W.H.O. and the C.D.C.",
    "The C.I.A. declined to comment.¦ The F.B.I. did not respond.",
    "She told The A.P. that she was fine.¦ But she wasn't.",
    "Prime Minister Theresa May said in Jan. that Brexit means Brexit.¦ Labour objected.",
    "“It's a disgrace!” shouted Rep. Joe Wilson, R-S.C.¦ The chamber fell silent.",
    "Hezbollah leader Hassan Nasrallah (R.) greeted supporters.¦ The crowd cheered.",
    "Fed Chair Janet L. Yellen testified on Wed., Feb. 10.¦ Stocks rallied 1.5%.",
    "Is this the end?¦ Not quite, says Prof. Smith of King's College.",
    "The company (NASDAQ: AAPL) fell 3.2%.¦ Rivals rose.",
    "“I don't know what happened… I was asleep,” said Jones.",
    "Mr. Trump, who won Fla. and Ohio, thanked Gov. Rick Scott.¦ The crowd chanted, “U.S.A.! U.S.A.!”",
    "He flew to Ft. Worth via Mt. Pleasant.¦ The trip took 3 hrs. and 20 min.",
    "Former Sen. Bob Dole, 95, died Sun.¦ He was a veteran.",
    "At 9:05 a.m. the second plane hit.¦ By 10 a.m. both towers had fallen.",
    "The ship, H.M.S. Victory, sank.¦ The U.S.S. Cole did not.",
    "“He said: ‘Never again.’¦ And he meant it,” she added.",
    "“You are free to go.”¦ With that, the judge left.",
    "Goldman Sachs Group Inc. and JPMorgan Chase & Co. each fell more than 2 percent.¦ Citigroup Inc. shares rose.",
    "The 7.8-magnitude quake hit at 4:17 a.m. (0117 GMT).¦ Thousands died.",
    "Contact: john.doe@reuters.com.¦ Twitter: @johndoe.",
    "Additional reporting by A. Smith and B. Jones; Editing by C. Brown.",
    "(Reporting by Maria Tsvetkova; Editing by Alison Williams)",
    "More than 1.2 million people, i.e. a third of the population, fled.¦ Many went to Turkey, Lebanon, Jordan, etc.¦ The U.N. called it a catastrophe.",
    "Sgt. 1st Class John Doe was killed.¦ Pfc. Jane Roe was hurt.",
    "North Korea's Kim Jong Un met Xi.¦ The U.S. was not told.",
    "The meeting was held at No. 10 Downing St. on Monday.¦ No. 11 was closed.",
    "The bill, H.R. 3200, failed.¦ S. 1 passed.",
    "“Thank you, Mr. President.”¦ “You're welcome.”",
    "What did he say?!¦ Nobody knows.",
    "The score was 3-2.¦ 15 minutes later it was 3-3.",
    "He scored vs. Spain in the 88th min.¦ The crowd erupted.",
    "U.S. forces left.¦ In the U.S. Capitol, senators cheered.",
    "Gov. Andrew M. Cuomo, D-N.Y., resigned.¦ Lt. Gov. Kathy Hochul took over.",
    "He studied at St. John's.¦ St. John's is in Queens, N.Y.¦ He liked it.",
    "The attack killed 12 people, incl. two children, in the town of Al-Bab.¦ al-Qaida denied it.",
    "“Don't shoot!”¦ The soldier fired anyway.",
    "Volkswagen AG's sales fell.¦ eBay's rose.¦ iPhone sales were flat.",
    "Then it was over.¦ — It had lasted two days.¦ Nobody cheered.",
)
"""Written after the rules, to see what they do with copy they were not made for."""

CASES: dict[str, tuple[str, ...]] = {
    "titles": TITLES,
    "initials": INITIALS,
    "countries": COUNTRIES,
    "dates": DATES,
    "numbers": NUMBERS,
    "companies": COMPANIES,
    "quotes": QUOTES,
    "datelines": DATELINES,
    "layout": LAYOUT,
    "ellipses": ELLIPSES,
    "web": WEB,
    "tokenised": TOKENISED,
    "parentheses": PARENTHESES,
    "languages": LANGUAGES,
    "agencies": AGENCIES,
}


def sentences_of(case: str) -> list[str]:
    """Return the sentences a case expects, without white space at their ends.

    >>> sentences_of("He left.¦ She stayed.")
    ['He left.', 'She stayed.']
    """
    return [part.strip() for part in case.split(MARK)]


def text_of(case: str) -> str:
    """Return the text of a case, without the marks.

    >>> text_of("He left.¦ She stayed.")
    'He left. She stayed.'
    """
    return case.replace(MARK, "")
