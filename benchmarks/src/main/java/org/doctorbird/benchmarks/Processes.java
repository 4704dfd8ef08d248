package org.doctorbird.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// What Linux tells of processes.
final class Processes {

    /// Ticks a second in `/proc`, on every Linux on x86-64.
    private static final double TICKS = 100;

    private Processes() {}

    /// Returns the processor time of a process, of its children, and of those that have ended.
    ///
    /// @param pid such as that of a server of PostgreSQL, whose children have no children
    static double cpuSeconds(long pid) throws IOException {
        long ticks = ticks(pid);
        for (long child : children(pid)) {
            ticks += ticks(child);
        }
        return ticks / TICKS;
    }

    private static long[] children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .mapToLong(ProcessHandle::pid)
                .toArray();
    }

    /// Adds up utime, stime, cutime and cstime. Source: proc_pid_stat(5).
    private static long ticks(long pid) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return 0; // Ended meanwhile; its parent has its time.
            }
            throw e;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return IntStream.of(11, 12, 13, 14).mapToLong(i -> Long.parseLong(fields[i])).sum();
    }

    /// Returns how many bytes of a process are in memory.
    static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return 1024L * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("process " + pid + " has no memory");
    }

    /// Returns how many processes were running or waiting on average during the last minute.
    static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }
}
