// db build, verify, sign, keygen: bundles and keys as files.
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/bundles/builder.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/cli/bundle_trust.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"

namespace weighbridge {
namespace {

int Fail(const std::string& messages) {
  for (const std::string& message : Split(messages, '\n')) Complain(message);
  return kExitError;
}

int Print(const std::string& text) {
  Status wrote = WriteDocument("", text);
  return wrote.ok() ? kExitClean : Fail(wrote.error().message);
}

// "FILE: database 2026.11.24 of 2026-11-24, expires 2027-05-23, 13 parts, digest ..."
std::string Summary(const std::string& file, const Bundle& bundle) {
  const BundleManifest& manifest = bundle.manifest;
  return Printable(file) + ": database " + manifest.version + " of " + manifest.date +
         ", expires " + manifest.expires + ", " + std::to_string(manifest.parts.size()) +
         " parts, digest " + bundle.Digest();
}

int RunBuild(const CommandLine& line) {
  const DatabaseLine& own = line.db;
  auto bytes = BuildBundle(
      {own.catalog_dir, own.packs_dir, own.parties, own.version, own.expires, own.previous});
  if (!bytes.ok()) return Fail(bytes.error().message);
  auto bundle = ParseBundle(bytes.value());
  if (!bundle.ok()) return Fail(bundle.error().message);
  Status wrote = WriteDocument(own.output, bytes.value());
  if (!wrote.ok()) return Fail(wrote.error().message);
  return Print(Summary(own.output, bundle.value()) + ", unsigned\n");
}

int RunVerify(const CommandLine& line) {
  auto keys = TrustedKeys(line);
  if (!keys.ok()) return Fail(keys.error().message);
  auto bytes = ReadWholeFile(line.db.file, kMaxBundleBytes);
  if (!bytes.ok()) return Fail(bytes.error().message);
  const BundleVerdict verdict = JudgeBundle(bytes.value(), keys.value());
  std::vector<std::string> faults = verdict.faults;
  const std::string today = DayOfReport(line.scan);
  if (verdict.bundle && verdict.bundle->manifest.expires < today)
    faults.push_back("expired on " + verdict.bundle->manifest.expires);
  if (faults.empty()) {
    return Print(Summary(line.db.file, *verdict.bundle) + ", signed by key " + verdict.key_id +
                 ": ok\n");
  }
  std::string text;
  for (const std::string& fault : faults) text += Printable(line.db.file) + ": " + fault + "\n";
  const int printed = Print(text);
  return printed == kExitClean ? kExitGated : printed;
}

int RunSign(const CommandLine& line) {
  auto pem = ReadWholeFile(line.db.key, kMaxKeyFileBytes);
  if (!pem.ok()) return Fail(pem.error().message);
  auto key = PrivateKey::FromPem(pem.value(), line.db.key);
  if (!key.ok()) return Fail(key.error().message);
  auto bytes = ReadWholeFile(line.db.file, kMaxBundleBytes);
  if (!bytes.ok()) return Fail(bytes.error().message);
  auto bundle = ParseBundle(bytes.value());
  if (!bundle.ok()) return Fail(bundle.error().message);
  // What would be refused everywhere is not worth a signature.
  const std::vector<std::string> faults = ContentFaults(bundle.value());
  if (!faults.empty()) return Fail(Join(faults, "\n"));
  auto signature = key.value().SignatureText(bundle.value().manifest_text);
  if (!signature.ok()) return Fail(signature.error().message);
  const std::string& out = line.db.output.empty() ? line.db.file : line.db.output;
  Status wrote = WriteDocument(out, WithSignature(bundle.value(), signature.value()));
  if (!wrote.ok()) return Fail(wrote.error().message);
  return Print(Summary(out, bundle.value()) + ", signed by key " + key.value().public_key().id +
               "\n");
}

int RunKeygen(const CommandLine& line) {
  const std::string secret = line.db.output + ".pem", open = line.db.output + ".pub.pem";
  auto key = PrivateKey::Generate();
  if (!key.ok()) return Fail(key.error().message);
  auto secret_text = key.value().PrivatePem();
  auto open_text = key.value().PublicPem();
  if (!secret_text.ok() || !open_text.ok()) return Fail("the key cannot be written");
  // The public half first: when its name is taken, no private key is left behind.
  Status wrote = WriteNewFile(open, open_text.value(), 0644);
  if (!wrote.ok()) return Fail(wrote.error().message);
  wrote = WriteNewFile(secret, secret_text.value(), 0600);
  if (!wrote.ok()) {
    unlink(open.c_str());
    return Fail(wrote.error().message);
  }
  return Print("key " + key.value().public_key().id + ": " + Printable(secret) +
               " (keep it secret), " + Printable(open) + "\n");
}

}  // namespace

int RunDatabase(const CLI::App& db, const CommandLine& line) {
  if (db.got_subcommand("build")) return RunBuild(line);
  if (db.got_subcommand("info")) return RunDatabaseInfo(line);
  if (db.got_subcommand("verify")) return RunVerify(line);
  if (db.got_subcommand("sign")) return RunSign(line);
  if (db.got_subcommand("keygen")) return RunKeygen(line);
  if (db.got_subcommand("update")) return RunDatabaseUpdate(line);
  return RunDatabaseRollback(line);
}

}  // namespace weighbridge
