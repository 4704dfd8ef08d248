package org.doctorbird.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.app.central.Central;
import org.doctorbird.exchange.Hello;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/// `doctorbird version`.
@Command(name = "version", description = "Prints the versions of the program and of the protocol.")
final class Version implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Override
    public Integer call() {
        common.say("Doctorbird " + Central.VERSION + ", protocol " + Hello.PROTOCOL);
        common.print(Map.of("version", Central.VERSION, "protocol", Hello.PROTOCOL));
        return 0;
    }

    /// For `--version`.
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Doctorbird " + Central.VERSION};
        }
    }
}
