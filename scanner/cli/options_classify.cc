// The options of classify.
#include "scanner/cli/options.h"

namespace weighbridge {

void DefineClassify(CLI::App& app, CommandLine& line) {
  CLI::App* classify = app.add_subcommand(
      "classify",
      "Say which export classification an accelerator has, from its figures, with the working");
  ClassifyLine& given = line.classify;
  classify
      ->add_option("product", given.product,
                   "A product of the catalogue: its id, name or an alias; see list accelerators")
      ->type_name("PRODUCT");
  const auto figure = [&](const char* name, std::string& text, const char* type,
                          const char* description) {
    classify->add_option(name, text, description)->type_name(type);
  };
  figure("--tops4", given.tops4, "TOPS", "Dense INT4 rate, a multiply-accumulate counting two");
  figure("--tops8", given.tops8, "TOPS", "Dense INT8 rate");
  figure("--tflops4", given.tflops4, "TFLOPS", "Dense FP4 rate");
  figure("--tflops8", given.tflops8, "TFLOPS", "Dense FP8 rate");
  figure("--tflops16", given.tflops16, "TFLOPS", "Dense FP16 or BF16 rate, the higher");
  figure("--tflops-tf32", given.tflops_tf32, "TFLOPS", "Dense TF32 rate");
  figure("--tflops32", given.tflops32, "TFLOPS", "FP32 rate");
  figure("--tflops64", given.tflops64, "TFLOPS",
         "FP64 rate. A rate that is not given is taken as not supported");
  figure("--die-area", given.die_area, "MM2",
         "Area of all logic dies with non-planar transistors; not given: not known");
  classify->add_flag("--planar", given.planar,
                     "No die has non-planar transistors: there is no performance density");
  figure("--memory-bandwidth", given.memory_bandwidth, "GBS",
         "Memory bandwidth of the package, in 10^9 bytes per second");
  figure("--interconnect", given.interconnect, "GBS",
         "Bidirectional transfer rate to all but memory, in 10^9 bytes per second");
  classify->add_flag("--not-datacenter", given.not_datacenter,
                     "Not designed or marketed for datacentres; figures are taken to be of a part "
                     "that is, a product is what the catalogue says");
  classify->add_flag("--datacenter", given.datacenter,
                     "Of a product: designed or marketed for datacentres");
  classify
      ->add_option("--as-of", line.scan.as_of,
                   "Apply the text in force on this day (default: today)")
      ->type_name("YYYY-MM-DD");
  classify->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));
  classify
      ->add_option("--db", line.scan.database,
                   "Use this catalogue (an SQLite image) instead of the embedded one")
      ->type_name("FILE");
}

}  // namespace weighbridge
