package org.doctorbird.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Measures one run of a piece of work. Used once.
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final List<MemoryPoolMXBean> HEAP =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .toList();

    private final Servers servers;
    private final Optional<Relay> line;
    private final long bytes;
    private final long requests;
    private final double serverCpuSeconds;
    private final double ownCpuSeconds;
    private final long nanos;

    private Meter(Servers servers, Optional<Relay> line) throws IOException, SQLException {
        this.servers = servers;
        this.line = line;
        if (servers.statements().isPresent()) {
            servers.statements().get().begin();
        }
        HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
        this.bytes = line.map(Relay::bytes).orElse(0L);
        this.requests = line.map(Relay::requests).orElse(0L);
        this.serverCpuSeconds = serverCpuSeconds();
        this.ownCpuSeconds = ownCpuSeconds();
        this.nanos = System.nanoTime();
    }

    /// Starts to measure work that nothing counts on the line.
    static Meter start(Servers servers) throws IOException, SQLException {
        return new Meter(servers, Optional.empty());
    }

    /// Starts to measure.
    ///
    /// @param line counts what goes over it
    static Meter start(Servers servers, Relay line) throws IOException, SQLException {
        return new Meter(servers, Optional.of(line));
    }

    /// Returns the time since the start.
    double seconds() {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /// Returns what was used since the start.
    Cost stop() throws IOException, SQLException {
        double seconds = seconds();
        double own = ownCpuSeconds() - ownCpuSeconds;
        var cost =
                new Cost(
                        seconds,
                        own + serverCpuSeconds() - serverCpuSeconds,
                        own,
                        line.map(Relay::bytes).orElse(0L) - bytes,
                        line.map(Relay::requests).orElse(0L) - requests,
                        HEAP.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum());
        // Only Doctorbird speaks HTTP.
        if (cost.requests() > 0 && servers.statements().isPresent()) {
            servers.statements().get().tell();
        }
        return cost;
    }

    private static double ownCpuSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    private double serverCpuSeconds() throws IOException {
        return Processes.cpuSeconds(servers.central().pid())
                + Processes.cpuSeconds(servers.satellite().pid());
    }
}
