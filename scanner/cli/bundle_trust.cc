#include "scanner/cli/bundle_trust.h"

#include "scanner/base/text.h"
#include "scanner/bundles/data_folder.h"

namespace weighbridge {

Result<std::vector<PublicKey>> TrustedKeys(const CommandLine& line) {
  if (!line.db.key.empty()) {
    auto pem = ReadWholeFile(line.db.key, kMaxKeyFileBytes);
    if (!pem.ok()) return std::move(pem).error();
    auto key = PublicKeyFromPem(pem.value(), line.db.key);
    if (!key.ok()) return std::move(key).error();
    return std::vector<PublicKey>{key.value()};
  }
  std::vector<PublicKey> keys = EmbeddedKeys();
  for (const std::string& folder : DataFolders(line.scan.database_folder)) {
    auto more = KeysOf(folder);
    if (!more.ok()) return std::move(more).error();
    keys.insert(keys.end(), more.value().begin(), more.value().end());
  }
  return keys;
}

std::string SignatureWords(const SignatureCheck& check) {
  switch (check.state) {
    case SignatureState::kUnsigned: return "unsigned";
    case SignatureState::kUnknownKey:
      return "signed by key " + check.key_id + ", which is not trusted here";
    case SignatureState::kGood: return "signed by key " + check.key_id;
    case SignatureState::kBad: break;
  }
  return "the signature is wrong" +
         (check.key_id.empty() ? std::string() : " (key " + check.key_id + ")");
}

BundleVerdict JudgeBundle(const std::string& bytes, const std::vector<PublicKey>& keys) {
  BundleVerdict verdict;
  auto bundle = ParseBundle(bytes);
  if (!bundle.ok()) {
    verdict.faults = Split(bundle.error().message, '\n');
    return verdict;
  }
  verdict.bundle = std::move(bundle).value();
  const SignatureCheck check =
      CheckSignature(verdict.bundle->manifest_text, verdict.bundle->signature, keys);
  if (check.state == SignatureState::kGood) {
    verdict.key_id = check.key_id;
  } else {
    verdict.faults.push_back(SignatureWords(check) +
                             (keys.empty() ? "; no key is trusted here, name one with --key" : ""));
  }
  for (std::string& fault : ContentFaults(*verdict.bundle))
    verdict.faults.push_back(std::move(fault));
  return verdict;
}

}  // namespace weighbridge
