package org.doctorbird.app.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where a [Cluster] keeps its files: in a folder, or on a small disk of its own that can be full.
///
/// A small disk is a `tmpfs` in a user and mount namespace, so that nobody needs to be root for it.
/// It lives as long as the process that holds the namespace, also while no server runs on it.
public final class Disk implements AutoCloseable {

    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));
    private static final int AWAIT_SECONDS_MAX = 30;
    private static final String BALLAST = "ballast";

    private final Path folder;
    private final @Nullable Process holder;

    private Disk(Path folder, @Nullable Process holder) {
        this.folder = folder;
        this.holder = holder;
    }

    /// A folder on whatever disk it is on.
    ///
    /// @param folder is made
    public static Disk folder(Path folder) throws IOException {
        return new Disk(Files.createDirectories(folder), null);
    }

    /// A disk of its own.
    ///
    /// @param folder is made; what is in it is seen only by the programs that [#command] starts
    /// @return empty if this machine permits no file systems in user namespaces
    public static Optional<Disk> small(Path folder, int mebibytes)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Process holder =
                new ProcessBuilder(
                                "unshare",
                                "-U",
                                "-r",
                                "-m",
                                "sh",
                                "-c",
                                "mount -t tmpfs -o size=%dm none '%s' && echo mounted && exec cat"
                                        .formatted(mebibytes, folder))
                        .redirectErrorStream(true)
                        .start();
        String said = holder.inputReader().readLine();
        if ("mounted".equals(said)) {
            return Optional.of(new Disk(folder, holder));
        }
        holder.destroyForcibly().waitFor();
        return Optional.empty();
    }

    Path path() {
        return folder;
    }

    /// Returns the command that runs a program with its files on this disk. PostgreSQL refuses to
    /// run as root: it gets a namespace in which it is nobody.
    List<String> command(Path program, String... arguments) {
        var command = new ArrayList<String>(inside());
        if (IS_ROOT || holder != null) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> inside() {
        return holder == null
                ? List.of()
                : List.of(
                        "nsenter",
                        "--target",
                        Long.toString(holder.pid()),
                        "--user",
                        "--mount",
                        "--preserve-credentials");
    }

    /// Writes on a small disk until nothing more fits.
    public void fill() throws IOException, InterruptedException {
        // The last pages too; both end with "no space left".
        var _ = run("dd", "if=/dev/zero", "of=" + folder.resolve(BALLAST), "bs=64k");
        var _ = run("dd", "if=/dev/zero", "of=" + folder.resolve(BALLAST + 2), "bs=4k");
    }

    /// Removes what [#fill] has written.
    public void makeRoom() throws IOException, InterruptedException {
        String ballast = folder.resolve(BALLAST).toString();
        if (run("rm", "-f", ballast, ballast + 2) != 0) {
            throw new IOException("the disk stays full");
        }
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        if (holder == null) {
            throw new IllegalStateException("only a small disk is filled");
        }
        var command = new ArrayList<>(inside());
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor();
    }

    /// The disk goes when the last program on it has ended.
    @Override
    public void close() {
        Process process = holder;
        if (process != null) {
            var _ =
                    process.destroyForcibly()
                            .onExit()
                            .orTimeout(AWAIT_SECONDS_MAX, TimeUnit.SECONDS)
                            .join();
        }
    }
}
