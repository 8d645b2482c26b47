"""Claims with the sentences they cite and the verdict each deserves.

Sentences are written for these tests in the style of newswire; those about
Magnitogorsk, Badalona, Koszalin, Reading, Multan and New South Wales are
shortened from Wikinews (en.wikinews.org, CC BY 2.5). Each line of a group is a mark and a claim:
``+`` supported, ``~`` partly supported, ``-`` unsupported; ``!`` behind the mark
says that the difference is a subtle one (a changed number, a swapped actor, a
dropped "allegedly", a lost negation, the date of another event, two facts
stitched together).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.verify import CitedSentence, Verdict

VERDICTS: dict[str, Verdict] = {"+": "supported", "~": "partly supported", "-": "unsupported"}


@dataclass(frozen=True, slots=True)
class Case:
    """One claim with what it cites and the verdict it deserves."""

    claim: str
    cited: tuple[CitedSentence, ...]
    question: str
    verdict: Verdict
    subtle: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of one article and the claims that cite them all."""

    published: str
    sentences: str
    claims: str
    question: str = ""
    title: str = ""

    def cases(self) -> Iterator[Case]:
        """Yield the cases of the group."""
        day = date.fromisoformat(self.published)
        lines = [line.strip() for line in self.sentences.strip().splitlines()]
        cited = tuple(CitedSentence(line, day, self.title) for line in lines)
        for line in self.claims.strip().splitlines():
            mark, claim = line.strip().split(" ", 1)
            yield Case(claim, cited, self.question, VERDICTS[mark[0]], mark.endswith("!"))


GROUPS = (
    Group(
        "2016-08-01",
        "The Russian Defense Ministry has reported that the Russian military helicopter was shot by ground"
        " fire while it was returning to the Khmeimim Air Base after completing a mission in Aleppo.",
        """
        + The Russian Defense Ministry said a Russian military helicopter was shot down by ground fire while returning to the Khmeimim Air Base.
        + Russia's Ministry of Defence reported that the helicopter was hit by ground fire after completing a mission in Aleppo.
        -! The helicopter was returning to the Khmeimim Air Base after completing a mission in Idlib, the Russian Defense Ministry reported.
        ~! The Russian military helicopter was shot by ground fire while it was returning to the Khmeimim Air Base.
        -! The Syrian Defense Ministry reported that the Russian helicopter was shot by ground fire while returning to the base.
        - The Russian Defense Ministry reported that the helicopter crashed because of engine trouble and heavy fog over Latakia.
        """,
    ),
    Group(
        "2016-08-01",
        "Syria shot down a Russian military helicopter in the Idlib district.",
        """
        + A Russian military helicopter was shot down by Syria in Idlib.
        -! Russia shot down a Syrian military helicopter in the Idlib district.
        -! A Syrian military helicopter was shot down by Russia in the Idlib district.
        -! Syria did not shoot down a Russian military helicopter in the Idlib district.
        -! Syria shot down two Russian military helicopters in the Idlib district.
        - Syria shot down an American military helicopter in the Idlib district.
        """,
    ),
    Group(
        "2016-08-01",
        "According to news agencies, the three crew members and the two officers on board are all dead.",
        """
        + According to news agencies, three crew members and two officers on board died.
        + News agencies said 3 crew members and 2 officers had been killed.
        -! According to news agencies, two crew members and three officers on board are dead.
        -! According to news agencies, four crew members and two officers on board are dead.
        -! According to news agencies, the three crew members and the two officers on board were injured.
        -! According to news agencies, none of the three crew members and the two officers on board are dead.
        ~! The three crew members and the two officers on board are all dead.
        """,
    ),
    Group(
        "2016-08-01",
        "There hasn't been any confirmation on the authenticity of these videos by the Russian authorities.",
        """
        + The authenticity of these videos has not been confirmed by the Russian authorities.
        + There has been no confirmation of the videos' authenticity by Russian authorities.
        -! The Russian authorities have confirmed the authenticity of these videos.
        -! There has been confirmation on the authenticity of these videos by the Russian authorities.
        """,
    ),
    Group(
        "2016-08-01",
        "This claim has been rejected by the Syrian army and their allies.",
        """
        + The Syrian army and its allies have rejected this claim.
        -! The Syrian army and their allies have accepted this claim.
        -! This claim has not been rejected by the Syrian army and their allies.
        -! This claim has been rejected by the Syrian army and their enemies.
        """,
    ),
    Group(
        "2016-08-01",
        "Russian President, Vladimir V. Putin's spokesman, Dmitri S. Peskov has confirmed that those on board"
        " the Russian helicopter that was shot down have been killed.",
        """
        + Putin's spokesman, Dmitri Peskov, confirmed that those on board the helicopter were killed.
        + Vladimir Putin's spokesman confirmed that those on board the Russian helicopter had died.
        -! Putin's spokesman, Dmitri Peskov, denied that those on board the helicopter were killed.
        -! Putin's spokesman, Sergei Peskov, confirmed that those on board the helicopter were killed.
        -! Assad's spokesman confirmed that those on board the Russian helicopter have been killed.
        """,
    ),
    Group(
        "2016-08-01",
        "No rebel groups in Syria have come forward to claim responsibility for shooting down the Russian"
        " military helicopter.",
        """
        + No rebel group in Syria has claimed responsibility for shooting down the helicopter.
        -! Rebel groups in Syria have come forward to claim responsibility for shooting down the Russian helicopter.
        -! A rebel group in Syria has claimed responsibility for shooting down the Russian military helicopter.
        """,
    ),
    Group(
        "2019-01-07",
        "The blaze killed three, including a 92-year-old woman, and injured sixteen, including a baby.",
        """
        + The blaze killed three people and injured 16.
        + Three people died in the blaze, among them a woman of 92.
        + Sixteen were injured, including a baby.
        -! The blaze killed sixteen and injured three.
        -! Sixteen people were killed in the blaze.
        -! The blaze killed three, including a 29-year-old woman.
        -! The blaze killed three, including a 92-year-old man.
        -! The blaze killed four and injured sixteen.
        - The blaze killed three firefighters and destroyed 40 vehicles.
        """,
    ),
    Group(
        "2019-01-04",
        "A total of 39 are confirmed dead, officials told state media, adding that rescuers ended their work"
        " yesterday.",
        """
        + Officials told state media that 39 people are confirmed dead.
        + Officials said that rescuers ended their work on Thursday.
        + Rescuers ended their work on 3 January 2019, officials told state media.
        -! Rescuers ended their work on 4 January 2019, officials told state media.
        -! Rescuers ended their work on Wednesday, officials said.
        -! Officials told state media that 93 people are confirmed dead.
        ~! A total of 39 people are dead.
        """,
    ),
    Group(
        "2019-01-04",
        "An apartment building collapsed on Monday in Magnitogorsk, a city in the Ural region of Russia.",
        """
        + An apartment building in Magnitogorsk, Russia, collapsed on Monday.
        + An apartment building collapsed in Magnitogorsk on December 31, 2018.
        + On Monday, an apartment building in the Russian city of Magnitogorsk collapsed.
        -! An apartment building collapsed in Magnitogorsk on January 4, 2019.
        -! An apartment building in Magnitogorsk collapsed on Tuesday.
        -! An apartment building collapsed on Monday in Murmansk, a city in Russia.
        """,
    ),
    Group(
        "2019-01-05",
        "A fire yesterday afternoon killed five girls, all aged fifteen, at an escape room in Koszalin, Poland.",
        """
        + A fire killed five 15-year-old girls at an escape room in Koszalin.
        + Five girls died in a fire at an escape room in the Polish city of Koszalin on 4 January 2019.
        -! A fire killed fifteen girls, all aged five, at an escape room in Koszalin, Poland.
        -! A fire killed five boys, all aged fifteen, at an escape room in Koszalin, Poland.
        -! A fire killed five girls at an escape room in Koszalin, Poland, on 5 January 2019.
        """,
    ),
    Group(
        "2020-06-23",
        "Reports named him on Sunday as Reading resident and Libyan national Khairi Saadallah.\n"
        "A 25-year-old man was arrested by Thames Valley Police on suspicion of murder.",
        """
        + Thames Valley Police arrested a 25-year-old man on suspicion of murder.
        + Reports named the man as Khairi Saadallah, a Libyan national living in Reading.
        -! Thames Valley Police arrested a 35-year-old man on suspicion of murder.
        -! Thames Valley Police were arrested by a 25-year-old man on suspicion of murder.
        -! Reports named him on Monday as Khairi Saadallah.
        -! Reports named him as Syrian national Khairi Saadallah.
        """,
    ),
    Group(
        "2019-09-30",
        "Waseem confessed to killing his sister by strangling her in 2016.\n"
        "All, including Qawi, were acquitted.",
        """
        + Waseem confessed to strangling his sister in 2016.
        + Qawi was acquitted.
        -! Qawi was convicted.
        -! Waseem confessed to killing his brother by strangling him in 2016.
        -! Waseem denied killing his sister by strangling her in 2016.
        """,
    ),
    Group(
        "2019-09-27",
        "Yesterday, the Parliament of New South Wales (NSW), Australia voted to pass the bill which"
        " decriminalized abortion.\n"
        "The upper house debate involved 102 amendments, and was amongst the longest they have ever debated a bill.",
        """
        + The Parliament of NSW voted to pass a bill that decriminalised abortion.
        + The Australian state's parliament voted on 26 September to pass the bill.
        -! The Parliament of New South Wales voted to reject the bill which decriminalized abortion.
        -! The upper house debate involved 120 amendments.
        -! The Parliament of New South Wales has yet to vote on the bill and may pass it next month.
        """,
    ),
    Group(
        "2026-09-04",
        "The ferry Aurelle ran aground off Cape Sorrel on Wednesday with 212 passengers and 14 crew on board,"
        " the coastguard said.\n"
        "Twenty-six people were hurt, two of them seriously.",
        """
        + The coastguard said the Aurelle ran aground off Cape Sorrel on 2 September 2026.
        + According to the coastguard, 212 passengers and 14 crew were on board.
        + 26 people were injured.
        + Twenty-six people were injured, two of them seriously.
        + The coastguard said the ferry ran aground on Sept. 2 with 212 passengers on board.
        + The coastguard said on 2026-09-02 the ferry Aurelle ran aground.
        -! The coastguard said the Aurelle ran aground off Cape Sorrel on 9 September 2026.
        -! The coastguard said the Aurelle ran aground off Cape Sorrel on 2 October 2026.
        -! The coastguard said 214 passengers and 12 crew were on board.
        -! The coastguard said 14 passengers and 212 crew were on board.
        -! Two people were hurt, 26 of them seriously.
        -! Twenty-six people were killed.
        -! Twenty-six people were hurt, three of them seriously.
        - The coastguard said the captain of the Aurelle had been drinking.
        - Bananas are a popular fruit in many households.
        """,
    ),
    Group(
        "2026-09-04",
        "The company said it would pay up to $3.5 million in compensation, about half of what residents had"
        " asked for.",
        """
        + The company said it would pay as much as $3.5m in compensation.
        + The company said it would pay up to US$3,500,000.
        + The company said it would pay about 50% of what residents had asked for.
        -! The company said it would pay at least $3.5 million in compensation.
        -! The company said it would pay up to $3.5 billion in compensation.
        -! The company said it would pay up to €3.5 million in compensation.
        -! The company said it would pay up to $5.3 million in compensation.
        -! The company paid up to $3.5 million in compensation.
        ~! The company said it would pay $3.5 million in compensation.
        """,
    ),
    Group(
        "2026-03-11",
        "More than 20 homes were destroyed and at least a dozen people remain missing.",
        """
        + At least 12 people are still missing.
        + More than 20 homes were destroyed.
        + More than twenty homes have been destroyed, and at least a dozen people remain missing.
        -! Fewer than 20 homes were destroyed.
        -! Fewer than a dozen people remain missing.
        ~! At least 20 homes were destroyed.
        ~! Twenty homes were destroyed.
        -! More than 20 people remain missing.
        -! At least a dozen homes were destroyed.
        """,
    ),
    Group(
        "2026-03-11",
        "Unemployment fell to 4.2 percent in February from 4.5 percent in January.",
        """
        + Unemployment fell to 4.2% in February.
        + The unemployment rate dropped to 4.2 per cent in February, from 4.5 per cent in January.
        -! Unemployment rose to 4.5 percent in February from 4.2 percent in January.
        -! Unemployment fell to 4.5 percent in February.
        -! Unemployment rose to 4.2 percent in February.
        -! Unemployment fell to 4.2 percent in March.
        -! Unemployment fell by 4.2 percentage points in February.
        """,
    ),
    Group(
        "2026-03-11",
        "The central bank left interest rates unchanged at 2.25% on Thursday.",
        """
        + The central bank left its interest rate unchanged at 2.25 percent.
        + On Thursday the central bank kept interest rates unchanged at 2.25%.
        -! The central bank raised interest rates to 2.25% on Thursday.
        -! The central bank cut interest rates to 2.25% on Thursday.
        -! The central bank left interest rates unchanged at 2.75% on Thursday.
        """,
    ),
    Group(
        "2026-05-20",
        "Marlow allegedly stole 1.2 million euros from the charity between 2019 and 2023.\n"
        "His lawyer denied the allegations.",
        """
        + Marlow allegedly stole €1.2 million from the charity between 2019 and 2023.
        + Marlow is alleged to have stolen 1,200,000 euros from the charity.
        + Marlow's lawyer denied the allegations.
        -! Marlow stole 1.2 million euros from the charity between 2019 and 2023.
        -! Marlow allegedly stole 1.2 million euros from the charity between 2013 and 2019.
        -! Marlow allegedly stole 2.1 million euros from the charity.
        -! His lawyer confirmed the allegations.
        -! His lawyer did not deny the allegations.
        """,
    ),
    Group(
        "2026-05-20",
        "The government may raise taxes next year, Finance Minister Ana Ruiz said on Tuesday.",
        """
        + Finance Minister Ana Ruiz said on Tuesday that the government may raise taxes next year.
        + Ruiz said the government might raise taxes next year.
        -! The government will raise taxes next year, Finance Minister Ana Ruiz said.
        ~! The government may raise taxes next year.
        -! The government may cut taxes next year, Finance Minister Ana Ruiz said.
        -! The government has raised taxes, Finance Minister Ana Ruiz said on Tuesday.
        -! The government may raise taxes next month, Finance Minister Ana Ruiz said.
        -! The government may raise taxes next year, Finance Minister Maria Ruiz said.
        """,
    ),
    Group(
        "2026-05-20",
        "The airline plans to close its Lisbon base in October and move 300 jobs to Porto.",
        """
        + The airline plans to close its base in Lisbon in October.
        + The airline intends to move 300 jobs to Porto.
        -! The airline closed its Lisbon base in October.
        -! The airline plans to close its Porto base in October and move 300 jobs to Lisbon.
        -! The airline plans to close its Lisbon base in November.
        -! The airline does not plan to close its Lisbon base in October.
        -! The airline plans to open its Lisbon base in October.
        """,
    ),
    Group(
        "2026-05-20",
        "Police arrested Daniel Okoye in Leeds on Monday.\n"
        "His brother, Samuel Okoye, was released without charge in Manchester.",
        """
        + Daniel Okoye was arrested by police in Leeds on Monday.
        + Samuel Okoye was released without charge.
        -! Daniel Okoye was arrested by police in Manchester.
        -! Samuel Okoye was arrested in Leeds on Monday.
        -! Daniel Okoye arrested police in Leeds on Monday.
        -! Daniel Okoye was released without charge.
        """,
    ),
    Group(
        "2026-05-20",
        "The bridge opened in 1932 and was closed to traffic in 1987.",
        """
        + The bridge opened in 1932.
        + The bridge was closed to traffic in 1987.
        -! The bridge was closed to traffic in 1932.
        -! The bridge opened in 1987.
        -! The bridge opened in 1923.
        """,
    ),
    Group(
        "2026-05-20",
        '"We will rebuild every home, and we will do it before winter," Mayor Elena Duarte told residents.',
        """
        + "We will rebuild every home," Mayor Elena Duarte told residents.
        + Mayor Duarte told residents: “We will rebuild every home […] before winter.”
        + Elena Duarte promised residents that "we will do it before winter".
        -! "We will rebuild every school," Mayor Elena Duarte told residents.
        -! "We have rebuilt every home," Mayor Elena Duarte told residents.
        -! "We will rebuild every home by summer," Mayor Elena Duarte told residents.
        -! Mayor Elena Duarte told residents: “We will not rebuild every home.”
        """,
    ),
    Group(
        "2026-05-20",
        "The World Health Organization said on Friday that the outbreak in Guinea was over.",
        """
        + The WHO said the outbreak in Guinea was over.
        + The World Health Organisation said on Friday that Guinea's outbreak was over.
        -! The WHO said the outbreak in Ghana was over.
        -! The WHO said the outbreak in Guinea was not over.
        -! UNICEF said on Friday that the outbreak in Guinea was over.
        ~! The outbreak in Guinea is over.
        """,
    ),
    Group(
        "2026-05-20",
        "The U.S. Senate voted 52 to 48 on Wednesday to confirm Judge Karen Holt.",
        """
        + The United States Senate confirmed Judge Karen Holt by 52 votes to 48.
        + The US Senate voted 52-48 to confirm Karen Holt.
        -! The U.S. Senate voted 48 to 52 on Wednesday to reject Judge Karen Holt.
        -! The U.S. Senate voted 58 to 42 to confirm Judge Karen Holt.
        -! The U.S. House voted 52 to 48 to confirm Judge Karen Holt.
        -! Judge Karen Holt confirmed the U.S. Senate.
        """,
    ),
    Group(
        "2026-05-20",
        "Zelenskyy met Gdańsk's mayor in Kyiv before flying to Brussels.",
        """
        + Zelensky met the mayor of Gdansk in Kiev.
        + Zelenskiy met the mayor of Gdańsk in Kyiv before flying to Brussels.
        -! Zelenskyy met Gdańsk's mayor in Brussels before flying to Kyiv.
        -! Zelenskyy met Warsaw's mayor in Kyiv.
        """,
    ),
    Group(
        "2026-05-20",
        "Hundreds of people took part in the march, and between 10 and 15 were detained.",
        """
        + Hundreds of people marched, and 10-15 were detained.
        + Hundreds of people took part in the march.
        -! Thousands of people took part in the march.
        -! Between 15 and 20 people were detained.
        -! Hundreds of people were detained.
        """,
    ),
    Group(
        "2026-05-20",
        "Voters rejected the proposal by 61% to 39%, the third such defeat in a decade.",
        """
        + Voters rejected the proposal by 61 percent to 39 percent.
        + It was the third such defeat in a decade.
        -! Voters approved the proposal by 61% to 39%.
        -! Voters did not reject the proposal.
        -! It was the second such defeat in a decade.
        -! Voters rejected the proposal by 39% to 61%.
        """,
    ),
    Group(
        "2026-05-20",
        "The ministry failed to publish the report by the deadline of 15 May.",
        """
        + The ministry did not publish the report by the 15 May deadline.
        + The ministry failed to publish the report by May 15, 2026.
        -! The ministry published the report by the deadline of 15 May.
        -! The ministry failed to publish the report by the deadline of 16 May.
        """,
    ),
    Group(
        "2026-05-20",
        "Nexar bought Halden Motors for £90m in 2021.\nHalden Motors employs 1,200 people in Sheffield.",
        """
        + Nexar bought Halden Motors for £90 million in 2021.
        + Halden Motors was acquired by Nexar in 2021.
        + Halden Motors employs 1.2 thousand people in Sheffield.
        -! Halden Motors bought Nexar for £90m in 2021.
        -! Nexar sold Halden Motors for £90m in 2021.
        -! Nexar bought Halden Motors for £1,200 in 2021.
        -! Nexar was bought by Halden Motors for £90m in 2021.
        -! Halden Motors employs 12,000 people in Sheffield.
        """,
    ),
    Group(
        "2026-05-20",
        "Two soldiers were killed and eight wounded when a roadside bomb hit their convoy near Gao.",
        """
        + A roadside bomb near Gao killed two soldiers and wounded eight.
        + Eight soldiers were wounded when a bomb hit their convoy.
        -! Eight soldiers were killed and two wounded when a roadside bomb hit their convoy.
        -! Two civilians were killed when a roadside bomb hit their convoy near Gao.
        -! Two soldiers were wounded when a roadside bomb hit their convoy near Gao.
        """,
        question="What happened near Gao?",
    ),
)


KNOWN_MISSES = (
    (
        "Waseem was acquitted of strangling his sister.",
        "Waseem confessed to killing his sister by strangling her in 2016.",
        "All, including Qawi, were acquitted.",
    ),
)
"""Claims stitched together from two sentences that the checks alone let through."""


def cases() -> list[Case]:
    """Return all cases in order."""
    return [case for group in GROUPS for case in group.cases()]
