/**
 * Gemeenten that went over as a whole, by the acts on redivision (*wetten tot herindeling*) of 2018 to 2022. Table 33 names one
 * successor for each ended code and can't tell a merger from a split: Littenseradiel (0140), Winsum (0053) and Haaren (0788)
 * stand in it like the others and went to several. What isn't listed here is left to the sender.
 */
export const WHOLE_MERGERS: ReadonlySet<string> = new Set([
  ...['0018', '0040', '1987'], // Midden-Groningen, 2018
  ...['0007', '0048'], // Westerwolde, 2018
  ...['0063', '0070', '1908'], // Waadhoeke, 2018
  ...['0081'], // Leeuwarden, 2018
  ...['0196'], // Zevenaar, 2018
  ...['0009', '0017'], // Groningen, 2019
  ...['0015', '0022', '0025', '0056'], // Westerkwartier, 2019
  ...['0005', '1651', '1663'], // Het Hogeland, 2019
  ...['0058', '0079', '1722'], // Noardeast-Fryslân, 2019
  ...['0236', '0304', '0733'], // West Betuwe, 2019
  ...['0545', '0620', '0707'], // Vijfheerenlanden, 2019
  ...['0738', '0870', '0874'], // Altena, 2019
  ...['0584', '0585', '0588', '0611', '0617'], // Hoeksche Waard, 2019
  ...['0689', '1927'], // Molenlanden, 2019
  ...['0881', '0951', '0962'], // Beekdaelen, 2019
  ...['0393'], // Haarlemmermeer, 2019
  ...['0576'], // Noordwijk, 2019
  ...['0003', '0010', '0024'], // Eemsdelta, 2021
  ...['0756', '0786', '0815', '1684', '1702'], // Land van Cuijk, 2022
  ...['0856', '1685'], // Maashorst, 2022
  ...['0398', '0416'], // Dijk en Waard, 2022
  ...['0370'], // Purmerend, 2022
  ...['0457'], // Amsterdam, 2022
]);
