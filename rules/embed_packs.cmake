# Writes OUTPUT, a source file with the text of each pack in a raw string.
set(body "")
foreach(pack IN LISTS PACKS)
  file(READ ${FOLDER}/${pack}.json text)
  string(APPEND body "      {\"rules/packs/${pack}.json\", R\"WBPACK(${text})WBPACK\"},\n")
endforeach()
file(WRITE ${OUTPUT}
"// Made from rules/packs/*.json by embed_packs.cmake.
#include \"rules/rule_pack.h\"

namespace weighbridge {

const std::vector<EmbeddedPack>& EmbeddedPacks() {
  static const std::vector<EmbeddedPack> packs{
${body}  };
  return packs;
}

}  // namespace weighbridge
")
