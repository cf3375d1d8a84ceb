// The container and its manifest: what is read back, and that nothing else is.
#include "scanner/bundles/bundle.h"

#include <doctest/doctest.h>

#include "tests/support/bundle_builder.h"

namespace weighbridge {
namespace {

TEST_CASE("bundle: what is written is read back, in the order of the manifest") {
  const std::string bytes = TinyBundle();
  CHECK(bytes == TinyBundle());
  const Bundle bundle = ParseBundle(bytes).value();
  REQUIRE(bundle.parts.size() == 4);
  CHECK(bundle.parts[0].name == "catalog.sqlite");
  CHECK(bundle.parts[1].name == "packs/china.json");
  CHECK(bundle.parts[2].name == "packs/eu.json");
  CHECK(bundle.parts[3].name == "services.tsv");
  CHECK(bundle.Part("services.tsv") == "services");
  CHECK(bundle.Part("parties.sqlite") == "");
  CHECK(bundle.signature == "");
  CHECK(bundle.manifest.expires == "2027-05-23");
  CHECK(bundle.Digest() == Sha256OfBytes(bundle.manifest_text));
  CHECK(bytes.size() % 512 == 0);
}

TEST_CASE("bundle: a signed one is refused at every length but its own") {
  const PrivateKey key = PrivateKey::Generate().value();
  const std::string bytes = Signed(TinyBundle(), key);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(ParseBundle(std::string_view(bytes).substr(0, size)).ok());
  }
  CHECK_FALSE(ParseBundle(bytes + std::string(512, '\0')).ok());
  CHECK_FALSE(ParseBundle(bytes + "x").ok());
}

TEST_CASE("bundle: a signed one is refused with any byte changed") {
  const PrivateKey key = PrivateKey::Generate().value();
  const std::vector<PublicKey> keys{key.public_key()};
  const std::string bytes = Signed(TinyBundle(), key);
  const Bundle sound = ParseBundle(bytes).value();
  REQUIRE(CheckSignature(sound.manifest_text, sound.signature, keys).state ==
          SignatureState::kGood);
  std::size_t by_signature = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char change : {'\x01', '\x20', '\x80'}) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ change);
      const auto bundle = ParseBundle(other);
      if (!bundle.ok()) continue;
      ++by_signature;
      CAPTURE(at);
      CHECK(CheckSignature(bundle.value().manifest_text, bundle.value().signature, keys).state !=
            SignatureState::kGood);
    }
  }
  // Those in the signature itself, and in the version that only the manifest states.
  CHECK(by_signature > 300);
}

struct Row {
  const char* what;
  std::string bytes;
  std::string message;
};

std::string Tar(const std::vector<TarMember>& members) { return WriteTarContainer(members); }

TEST_CASE("bundle: each fault is named") {
  const std::string bytes = TinyBundle();
  const Bundle tiny = ParseBundle(bytes).value();
  const std::string text(tiny.manifest_text);
  const auto with = [&](std::vector<TarMember> members) {
    members.insert(members.begin(), {"manifest.json", text});
    return Tar(members);
  };
  const TarMember catalogue = tiny.parts[0], china = tiny.parts[1], eu = tiny.parts[2],
                  services = tiny.parts[3];
  const std::vector<Row> rows{
      {"nothing", "", "bundle, at byte 0: the archive does not end with two blocks of zeros"},
      {"no member", Tar({}), "bundle: the first member is not manifest.json"},
      {"another first", Tar({{"x", "y"}}), "bundle: the first member is not manifest.json"},
      {"text", std::string(1024, 'a'),
       "bundle, at byte 0: no header of a member, or not in the form that is written here"},
      {"empty signature", with({{"manifest.sig", ""}}), "bundle: manifest.sig is empty"},
      {"part missing", with({catalogue, china, eu}), "bundle: 3 parts, the manifest states 4"},
      {"parts swapped", with({catalogue, eu, china, services}),
       "bundle: \"packs/eu.json\" lies where the manifest states \"packs/china.json\"\n"
       "bundle: \"packs/china.json\" lies where the manifest states \"packs/eu.json\""},
      {"size and bytes",
       with({{"catalog.sqlite", "catalogua"}, china, {"packs/eu.json", "{ }"}, services}),
       "catalog.sqlite: the bytes are not those that the manifest states (SHA-256)\n"
       "packs/eu.json: 3 bytes, the manifest states 2"},
      {"a name that climbs", with({catalogue, china, eu, {"../../etc/passwd", "services"}}),
       "bundle: \"../../etc/passwd\" lies where the manifest states \"services.tsv\""},
      {"twice the manifest", Tar({{"manifest.json", text}, {"manifest.json", text}}),
       "bundle: 1 parts, the manifest states 4\n"
       "bundle: \"manifest.json\" lies where the manifest states \"catalog.sqlite\""},
      {"many members", Tar(std::vector<TarMember>(129, {"m", ""})),
       "bundle, at byte 65536: more than 128 members"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto read = ParseBundle(row.bytes);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().message == row.message);
  }
}

TEST_CASE("bundle: a declared length is checked against what is left") {
  std::string bytes = Tar({{"manifest.json", "x"}});
  // The size field, and the checksum that goes with it: 77777777777 octal, 8 GiB.
  std::string forged = Tar({{"manifest.json", "x"}});
  std::uint64_t sum = 0;
  forged.replace(124, 11, "77777777777");
  forged.replace(148, 8, "        ");
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(forged[i]);
  std::string digits(6, '0');
  for (std::size_t i = 6; i-- > 0; sum /= 8) digits[i] = static_cast<char>('0' + sum % 8);
  forged.replace(148, 6, digits);
  forged[154] = '\0';
  const auto read = ParseBundle(forged);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().message ==
        "bundle, at byte 512: member \"manifest.json\" of 8589934591 bytes, only 1536 bytes are "
        "left");
  // What is said to be padding is nothing else.
  bytes[512 + 100] = 'h';
  CHECK(ParseBundle(bytes).error().message ==
        "bundle, at byte 513: the padding after \"manifest.json\" is cut or not zero");
}

TEST_CASE("bundle: lists of parties may be left undigested") {
  const std::string bytes = WriteBundle(TinyManifest(), {{"services.tsv", "s"},
                                                         {"packs/eu.json", "{}"},
                                                         {"parties.sqlite", "parties"},
                                                         {"catalog.sqlite", "c"}})
                                .value();
  std::string other = bytes;
  other.replace(other.find("parties\0", other.find("parties.sqlite", 2500), 8), 7, "PARTIES");
  CHECK(ParseBundle(other, Digests::kAllButParties).ok());
  CHECK(ParseBundle(other).error().message ==
        "parties.sqlite: the bytes are not those that the manifest states (SHA-256)");
}

}  // namespace
}  // namespace weighbridge
