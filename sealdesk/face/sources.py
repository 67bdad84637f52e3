"""Where the figures of the templates come from, in words that the editor shows beside each figure. It holds no figures."""

from __future__ import annotations

from sealdesk.core.i18n import N_

LAW_COUNCIL = N_("Guofa [1999] No. 25, article 2: State Council, 6 cm, national emblem")
LAW_PROVINCE = N_("Guofa [1999] No. 25, article 3: provinces, ministries, 5 cm, national emblem")
LAW_AGENCY = N_("Guofa [1999] No. 25, article 4: agencies of the State Council, 5 or 4.5 cm, national emblem")
LAW_INSTITUTION = N_("Guofa [1999] No. 25, article 5: institutions of the State Council, 5 or 4.5 cm, national emblem or star")
LAW_COORDINATION = N_("Guofa [1999] No. 25, article 6: coordinating and temporary bodies, 5 cm, star")
LAW_BUREAU = N_("Guofa [1999] No. 25, article 7: national bureaus under ministries, 4.5 cm, national emblem")
LAW_FOREIGN = N_(
    "Guofa [1999] No. 25, article 8: foreign affairs departments and names that begin with the state's, 4.2 cm, national emblem"
)
LAW_COUNTY = N_("Guofa [1999] No. 25, article 9: prefectures, cities, counties and districts, 4.5 cm, national emblem")
LAW_REGION = N_("Guofa [1999] No. 25, article 10: administrative offices of regions, 4.5 cm, star")
LAW_TOWNSHIP = N_("Guofa [1999] No. 25, article 11: townships, 4.2 cm, star")
LAW_EMBASSY = N_("Guofa [1999] No. 25, article 12: embassies and consulates, 4.2 cm, national emblem")
LAW_INTERNAL = N_("Guofa [1999] No. 25, article 13: internal departments of state organs, at most 4.5 cm, star")
LAW_ENTERPRISE = N_("Guofa [1999] No. 25, article 14: enterprises, institutions and social organisations, at most 4.5 cm, star")
LAW_ADJOINED = N_("Guofa [1999] No. 25, article 16: Chinese and the minority script side by side")
LAW_WAX = N_("Guofa [1999] No. 25, article 20: wax seals of ministries, 4.2 cm, national emblem")
LAW_STEEL = N_("Guofa [1999] No. 25, article 21: steel seals between 3.5 and 4.2 cm, star in the middle")
LAW_STEEL_COUNCIL = N_("Guofa [1999] No. 25, article 21: steel seal of the State Council, 4.2 cm")
SOCIAL_NATIONAL = N_("Rules for seals of social organisations (1993, revised 2010), section 1 (2): national ones, 4.5 cm, star")
SOCIAL_LOCAL = N_("Rules for seals of social organisations (1993, revised 2010), section 1 (3): local ones, 4.2 cm, star")
SOCIAL_OFFICE = N_(
    "Rules for seals of social organisations (1993, revised 2010), section 1 (4): offices and branches as the organisation itself"
)
SOCIAL_PURPOSE = N_("Rules for seals of social organisations (1993, revised 2010), section 3: seals for a purpose")
SOCIAL_STEEL = N_("Rules for seals of social organisations (1993, revised 2010), section 3 (1): steel seals, 3.5 to 4.2 cm, star")
NON_ENTERPRISE = N_(
    "Rules for seals of private non-enterprise units (2000, revised 2010), section 1: names 4.5 or 4.2 cm, offices 4.2 or 4 cm, star"
)
NON_ENTERPRISE_PURPOSE = N_(
    "Rules for seals of private non-enterprise units (2000, revised 2010), section 1: smaller than the name's, 3 to 4.2 cm"
)
INVOICE = N_("State Taxation Administration, announcement 2011 No. 7, with its annex")
CUSTOMS = N_("Rules for the registration of customs declaration units, article 49 (as cited)")
SHAANXI = N_("Shaanxi layout specification for seals (reference)")
MEASURED = N_("Measured on a filed seal of 40 mm")
SICHUAN = N_("Sichuan public security document [2003] No. 55 (as cited)")
PRACTICE = N_("Trade practice; not a legal requirement")
OBSERVED = N_("Seen on filed seals; not a legal requirement")
GEOMETRY = N_("Follows from the other figures, so that nothing collides")
TIANJIN = N_("Size list of a filing system in Tianjin")
OWN = N_("The shop's own choice")
