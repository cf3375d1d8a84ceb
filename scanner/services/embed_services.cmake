# Writes OUTPUT, a source file with the text of TABLE in a raw string.
file(READ ${TABLE} text)
file(WRITE ${OUTPUT}
"// Made from rules/catalog/services.tsv by embed_services.cmake.
#include \"scanner/services/service_table.h\"

namespace weighbridge {

std::string_view EmbeddedServiceText() {
  static constexpr std::string_view text = R\"WBTSV(${text})WBTSV\";
  return text;
}

}  // namespace weighbridge
")
