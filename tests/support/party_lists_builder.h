// Party lists in their published forms, with invented parties.
#pragma once

#include <string>
#include <vector>

#include "rules/parties/import.h"

namespace weighbridge {

inline std::string CslHeader() {
  return "source,entity_number,type,programs,name,title,addresses,federal_register_notice,"
         "start_date,end_date,standard_order,license_requirement,license_policy,call_sign,"
         "vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,"
         "source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,"
         "source_information_url,ids\n";
}

inline std::string CslCsv() {
  return CslHeader() +
         "Entity List (EL) - Bureau of Industry and Security,,,,Norrland Optronik Co. Ltd.,,"
         "\"No. 7, Example Road, Harbin, CN; Room 3, Kwun Tong, HK\",88 FR 11111,2023-03-01,,,"
         "For all items subject to the EAR.,Presumption of denial.,,,,,,,,http://example.org/el,"
         "NOK; Beijing Norrland; \"\"Norrland\"\" Optics,,,,,http://example.org/el/info,\n"
         "Specially Designated Nationals (SDN) - Treasury Department,90001,Individual,"
         "SDGT; NPWMD,\"PETRENKOV, Sergey\",,\"Moscow, RU\",,,,,,,,,,,,,"
         "(Linked To: OBRAZEC HOLDING); a.k.a. 'THE BAKER',http://example.org/sdn,"
         "\"PETRENKOV, Sergei Ivanovich\",RU,1970,,,http://example.org/sdn/info,\n"
         "Denied Persons List (DPL) - Bureau of Industry and Security,,,, JOHN EXAMPLE,,"
         "\"1 MAIN STREET, SPRINGFIELD, XX, 00000\",80 F.R. 1 1/1/2015,2015-01-01,2025-01-01,Y,,,,,"
         ",,,,FR NOTICE ADDED,http://example.org/dpl,,,,,,http://example.org/dpl/info,\n";
}

inline std::string CslJson() {
  return R"X({"total": 2, "results": [
 {"id": "a1", "source": "Entity List (EL) - Bureau of Industry and Security", "name": "Norrland Optronik Co. Ltd.",
  "alt_names": ["NOK", "Beijing Norrland"], "type": null, "programs": [], "start_date": "2023-03-01",
  "addresses": [{"address": "No. 7", "city": "Harbin", "state": null, "postal_code": null, "country": "CN"}],
  "federal_register_notice": "88 FR 11111", "source_information_url": "http://example.org/el/info"},
 {"entity_number": 90001, "source": "Specially Designated Nationals (SDN) - Treasury Department", "type": "Individual",
  "name": "PETRENKOV, Sergey", "alt_names": [], "programs": ["SDGT", "NPWMD"], "nationalities": ["RU"],
  "remarks": "60% owned by OBRAZEC HOLDING", "source_list_url": "http://example.org/sdn"}]}
)X";
}

inline std::string SdnCsv() {
  return "101,\"NORRLAND OPTRONIK, S.A.\",-0- ,\"IRAN] [NPWMD\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"
         "\"Linked To: OBRAZEC HOLDING; a.k.a. 'NOSA'.\"\r\n"
         "102,\"PETRENKOV, Sergey\",\"individual\",\"SDGT\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- "
         ",-0- ,"
         "\"DOB 01 Jan 1970; nationality Russia; alt. citizen Cyprus; Linked To: KARTON CO.\"\r\n"
         "103,\"SEA EXAMPLE\",\"vessel\",\"IRAN\",-0- ,\"9XYZ\",\"Crude Oil Tanker\",\"1\",\"2\","
         "\"Panama\",\"EXAMPLE LINE\",-0- \r\n\x1A";
}
inline std::string AltCsv() {
  return "101,1,\"aka\",\"NORRLAND OPTICS\",-0- \r\n102,2,\"fka\",\"PETRENKOV, Sergei\",-0- \r\n";
}
inline std::string AddCsv() {
  return "101,11,\"12 Example Street\",\"Tehran\",\"Iran\",-0- \r\n"
         "103,12,-0- ,-0- ,\"Cyprus\",-0- \r\n";
}

inline std::string SdnXml() {
  return R"X(<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://example.org/XML">
  <publshInformation><Publish_Date>06/22/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
  <sdnEntry>
    <uid>101</uid><lastName>NORRLAND &amp; SONS</lastName><sdnType>Entity</sdnType>
    <remarks>Linked To: OBRAZEC HOLDING.</remarks>
    <programList><program>IRAN</program><program>CUBA</program></programList>
    <akaList>
      <aka><uid>1</uid><type>a.k.a.</type><category>strong</category><lastName>NORRLAND OPTICS</lastName></aka>
      <aka><uid>2</uid><type>a.k.a.</type><category>weak</category><lastName>NOSA</lastName></aka>
    </akaList>
    <addressList><address><uid>9</uid><city>Havana</city><country>Cuba</country></address></addressList>
  </sdnEntry>
  <sdnEntry>
    <uid>102</uid><firstName>Sergey</firstName><lastName>PETRENKOV</lastName><sdnType>Individual</sdnType>
    <akaList><aka><uid>3</uid><category>strong</category><firstName>Sergei</firstName><lastName>PETRENKOV</lastName></aka></akaList>
    <nationalityList><nationality><uid>4</uid><country>Russia</country><mainEntry>true</mainEntry></nationality></nationalityList>
  </sdnEntry>
</sdnList>
)X";
}

inline std::string DplText() {
  return "\"Name\"\t\"Street_Address\"\t\"City\"\t\"State\"\t\"Country\"\t\"Postal_Code\"\t"
         "\"Effective_Date\"\t\"Expiration_Date\"\t\"Standard_Order\"\t\"Last_"
         "Update\"\t\"Action\"\t"
         "\"FR_Citation\"\n"
         "\"JOHN EXAMPLE\"\t\"1 MAIN STREET\"\t\"SPRINGFIELD\"\t\"XX\"\t\"US\"\t\"00000\"\t"
         "\"01/31/2015\"\t\"01/31/2025\"\t\"Y\"\t\"2015-02-02\"\t\"NEW\"\t\"80 F.R. 1 2/2/15\"\n"
         "\"JOHN EXAMPLE\"\t\"2 SIDE STREET\"\t\"LYON\"\t\"\"\t\"FR\"\t\"\"\t\"01/31/2015\"\t"
         "\"01/31/2025\"\t\"Y\"\t\"2015-02-02\"\t\"NEW\"\t\"80 F.R. 1 2/2/15 81 F.R. 2 1/1/16\"\n"
         "\"ACME "
         "EXPORTS\"\t\"\"\t\"DUBAI\"\t\"\"\t\"AE\"\t\"\"\t\"06/01/2020\"\t\"\"\t\"N\"\t\"\"\t\"\"\t"
         "\"85 F.R. 3\"\n";
}

inline std::string UnXml() {
  return R"X(<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-09-01T02:00:03.123Z">
<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>SERGEY</FIRST_NAME><SECOND_NAME>PETRENKOV</SECOND_NAME><THIRD_NAME/>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.001</REFERENCE_NUMBER><LISTED_ON>2016-08-14</LISTED_ON>
<NAME_ORIGINAL_SCRIPT>Сергей Петренков</NAME_ORIGINAL_SCRIPT><NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Sergei Petrenkoff</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Serge</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Pyongyang</CITY><COUNTRY>Democratic People's Republic of Korea</COUNTRY></INDIVIDUAL_ADDRESS>
</INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>NORRLAND TRADING &amp; CO</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
<REFERENCE_NUMBER>KPe.002</REFERENCE_NUMBER><LISTED_ON>2017-01-02</LISTED_ON>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Norrland</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
)X";
}

inline std::string OfsiCsv() {
  return "Last Updated,03/06/2026\r\n"
         "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Nationality,"
         "Country,Group Type,Alias Type,Alias Quality,Regime,Listed On,Group ID\r\n"
         "PETRENKOV,Sergey,Ivanovich,0,,,,Сергей Петренков,Russia,Russia,Individual,"
         "Primary name,,Russia,14/08/2016,777\r\n"
         "PETRENKOFF,Sergei,,,,,,,Russia,Cyprus,Individual,AKA,Good "
         "quality,Russia,14/08/2016,777\r\n"
         "BAKER,,,,,,,,Russia,Russia,Individual,AKA,Low quality,Russia,14/08/2016,777\r\n"
         "NORRLAND OPTRONIK,,,,,,,,,Iran (Islamic Republic of),Entity,Primary name,,Iran,"
         "01/02/2018,778\r\n";
}

inline std::string UkslCsv() {
  return "Report Date: 13-Feb-2026\n"
         "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Alias strength,"
         "Name non-latin script,Regime Name,Designation Type,Address Country,Date Designated,"
         "Parent company,\"Nationality(/ies)\"\n"
         "12/01/2022,RUS0001,12703,NORRLAND OPTRONIK,,Alias,Good Quality,,The Russia Regulations,"
         "Entity,Russia,29/06/2022,OBRAZEC HOLDING,\n"
         "12/01/2022,RUS0001,12703,NORRLAND OPTRONIK OOO,,Primary Name,,,The Russia Regulations,"
         "Entity,Cyprus,29/06/2022,OBRAZEC HOLDING,\n";
}

inline std::string EuCsv() {
  return "\xEF\xBB\xBF"
         "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;"
         "Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_NumberTitle;"
         "Entity_Regulation_Programme;Entity_Regulation_PublicationUrl;NameAlias_LastName;"
         "NameAlias_FirstName;NameAlias_MiddleName;NameAlias_WholeName;Address_City;"
         "Address_CountryIso2Code;Citizenship_CountryIso2Code\n"
         "05/08/2026;13;EU.1;28/05/2001;P;person;2001/1 (OJ L1);TERR;http://example.org/eu;"
         "Petrenkov;Sergey;;;;;RU;\n"
         "05/08/2026;13;EU.1;28/05/2001;P;person;2001/1 (OJ L1);TERR;http://example.org/eu;;;;"
         "\"Sergei\n Petrenkoff\";;;\n"
         "05/08/2026;13;EU.1;28/05/2001;P;person;2001/1 (OJ L1);TERR;http://example.org/eu;;;;;"
         "Minsk;BY;\n"
         ";;;;;;;;;;;;;;;\n"
         "05/08/2026;42;EU.2;2011-05-09;E;enterprise;442/2011;SYR;http://example.org/eu2;;;;"
         "Norrland Optronik;Damascus;SY;\n";
}

inline std::string EuXml() {
  return R"X(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-06-05T15:51:25.849+02:00" globalFileId="1">
  <sanctionEntity designationDate="2002-11-21" designationDetails="" unitedNationId="" euReferenceNumber="EU.1" logicalId="13">
    <remark>x</remark>
    <regulation regulationType="amendment" publicationDate="2025-01-31" numberTitle="2025/1 (OJ L)" programme="TERR" logicalId="1">
      <publicationUrl>http://example.org/eu</publicationUrl>
    </regulation>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="NORRLAND OPTRONIK LLC" strong="true" logicalId="2">
      <regulationSummary regulationType="amendment" numberTitle="other"/>
    </nameAlias>
    <nameAlias firstName="" lastName="" wholeName="NOK" strong="false" logicalId="3"/>
    <address city="Moscow" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="4"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.2" logicalId="14">
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Sergey" middleName="I." lastName="Petrenkov" wholeName="" strong="true"/>
    <citizenship region="" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>
  </sanctionEntity>
</export>
)X";
}

inline std::string PlainCsv() {
  return "name,aliases,country,type,list,listed_on,citation,source_url,parent,parent_percent\n"
         "Norrland Optronik GmbH,NOK|Norrland Optics,DE,entity,Own list,2026-01-02,minute 12,"
         "https://example.org/own,Obrazec Holding,60\n"
         "Sergey Petrenkov,,,individual,,,,,,\n";
}

struct NamedList {
  const char* kind;
  std::vector<PartyFile> files;
};

inline std::vector<NamedList> EveryList() {
  return {{"csl-csv", {{"consolidated.csv", CslCsv()}}},
          {"csl-json", {{"consolidated.json", CslJson()}}},
          {"ofac-sdn-csv", {{"SDN.CSV", SdnCsv()}, {"ALT.CSV", AltCsv()}, {"ADD.CSV", AddCsv()}}},
          {"ofac-xml", {{"SDN.XML", SdnXml()}}},
          {"bis-dpl", {{"dpl.txt", DplText()}}},
          {"un-xml", {{"consolidated.xml", UnXml()}}},
          {"uk-csv", {{"ConList.csv", OfsiCsv()}}},
          {"uk-csv", {{"UK-Sanctions-List.csv", UkslCsv()}}},
          {"eu-csv", {{"eu.csv", EuCsv()}}},
          {"eu-xml", {{"eu.xml", EuXml()}}},
          {"plain-csv", {{"own.csv", PlainCsv()}}}};
}

}  // namespace weighbridge
