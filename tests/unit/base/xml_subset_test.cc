// XmlReader: events, what is refused, and what is cut.
#include "scanner/base/xml_subset.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

// "+a -a:text" and so on; the error at last.
std::string Events(const std::string& text) {
  XmlReader reader(text);
  std::string out;
  while (true) {
    const auto event = reader.Next();
    if (event == XmlReader::Event::kEnd) return out;
    if (event == XmlReader::Event::kError) return out + "!" + reader.error();
    if (event == XmlReader::Event::kOpen) out += "+" + reader.Element() + " ";
    if (event == XmlReader::Event::kClose) out += "-" + reader.Path() + ":" + reader.text() + " ";
  }
}

TEST_CASE("what a document says") {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"<a/>", "+a -a: "},
      {"<?xml version='1.0'?><!-- x --><a>1 &amp; &#65;&#x42;<b>2</b>3</a>", "+a +b -a/b:2 -a:3 "},
      {"<a><![CDATA[<&>]]></a>", "+a -a:<&> "},
      {"<a>&x;</a>", "+a !at byte 3: unknown entity \"x\""},
      {"<a>&</a>", "+a !at byte 3: \"&\" without \";\""},
      {"<!DOCTYPE a [<!ENTITY x \"y\">]><a/>",
       "!at byte 0: a document type with declarations of its own"},
      {"<a><b></a>", "+a +b !at byte 9: end tag \"a\" closes no element"},
      {"<a", "!at byte 2: the text ends inside a tag"},
      {"<a b>", "!at byte 4: not an attribute"},
  };
  for (const auto& [text, events] : rows) {
    CAPTURE(text);
    CHECK(Events(text) == events);
  }
}

TEST_CASE("long texts are cut between characters and before an entity") {
  const std::string fill(XmlReader::kMaxTextBytes - 2, 'x');
  CHECK(Events("<a>" + fill + "&amp;y</a>") == "+a -a:" + fill + " ");
  CHECK(Events("<a>" + fill + "€</a>") == "+a -a:" + fill + " ");
  const std::string attributes = "<a k=\"" + fill + "&amp;\" l='1'/>";
  XmlReader reader(attributes);
  REQUIRE(reader.Next() == XmlReader::Event::kOpen);
  CHECK(reader.Attribute("k") == fill);
  CHECK(reader.Attribute("l") == "1");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  CHECK(Events(deep).find("elements nested deeper than 64") != std::string::npos);
}

TEST_CASE("attributes") {
  std::string text = "<a";
  for (int i = 0; i < 32; ++i)
    text += " k" + std::to_string(i) + "='&lt;" + std::to_string(i) + "'";
  const std::string whole = text + "/>";
  XmlReader reader(whole);
  REQUIRE(reader.Next() == XmlReader::Event::kOpen);
  CHECK(reader.Attribute("k31") == "<31");
  CHECK(reader.Attribute("none") == "");
  CHECK(Events(text + " k='v'/>").find("not an attribute") != std::string::npos);
}

}  // namespace
}  // namespace weighbridge
