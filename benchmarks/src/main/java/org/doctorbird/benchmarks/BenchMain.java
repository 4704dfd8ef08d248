package org.doctorbird.benchmarks;

/// Runs a benchmark by name: `./doctorbird bench NAME`.
public final class BenchMain {

    private BenchMain() {}

    /// Says which benchmarks exist, or runs the one that is named.
    ///
    /// @param arguments the benchmark's name, or nothing
    public static void main(String[] arguments) {
        System.out.println("bench: no benchmark exists yet");
    }
}
