package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.postgres.PostgresStatus.Contact;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `doctorbird why`.
@Command(
        name = "why",
        description =
                "Says why an instance holds a record, should, or does not, and where it waits. On a satellite it asks central"
                        + " and adds how the record stands here.")
final class Why implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "UID|KEY",
            description = "The record's uid, its value of unique_id_column, or its key here.")
    private String record = "";

    @Option(
            names = "--instance",
            paramLabel = "N|NAME",
            description = "On central: for this instance only; default: for each.")
    private @Nullable String instance;

    /// What is said of one instance.
    private record Answer(String name, List<String> sentences) {}

    @Override
    public Integer call() {
        Settings settings = common.settings();
        return settings.role() == Role.CENTRAL ? atCentral(settings) : atSatellite(settings);
    }

    private int atCentral(Settings settings) {
        try (Look look = Look.open(settings)) {
            Optional<UUID> uid = look.inquiry().find(model, record);
            if (uid.isEmpty()) {
                return common.notFound(model);
            }
            List<Answer> answers =
                    chosen(look.status().contacts()).stream()
                            .map(contact ->
                                    new Answer(
                                            contact.name(),
                                            look.inquiry()
                                                    .why(model, contact.instance(), uid.get())))
                            .toList();
            tell(uid.get(), answers);
            return 0;
        }
    }

    private List<Contact> chosen(List<Contact> contacts) {
        if (instance == null) {
            return contacts;
        }
        List<Contact> chosen =
                contacts.stream()
                        .filter(contact ->
                                contact.name().equals(instance)
                                        || contact.instance().toString().equals(instance))
                        .toList();
        if (chosen.isEmpty()) {
            throw new SyncException(ErrorCode.INSTANCE_UNKNOWN, "there is no such instance")
                    .with("instance", instance);
        }
        return chosen;
    }

    private int atSatellite(Settings settings) {
        try (Satellite satellite = Satellite.open(settings, new LoggingListener())) {
            Optional<UUID> uid = satellite.inquiry().find(model, record);
            if (uid.isEmpty()) {
                return common.notFound(model);
            }
            List<String> here = satellite.inquiry().here(model, uid.get());
            tell(
                    uid.get(),
                    List.of(
                            new Answer("here", here),
                            new Answer("central says", central(satellite, uid.get()))));
            return 0;
        }
    }

    private List<String> central(Satellite satellite, UUID uid) {
        try {
            return satellite.link().why(model, uid);
        } catch (SyncException e) {
            if (e.code() != ErrorCode.CENTRAL_UNREACHABLE) {
                throw e;
            }
            return List.of("Nothing: it does not answer.");
        }
    }

    private void tell(UUID uid, List<Answer> answers) {
        common.say(model + " " + uid);
        for (Answer answer : answers) {
            common.say("");
            common.say(answer.name() + ":");
            answer.sentences().forEach(sentence -> common.say("  " + sentence));
        }
        var documents = new ArrayList<Map<String, Object>>();
        answers.forEach(answer ->
                documents.add(Map.of("of", answer.name(), "sentences", answer.sentences())));
        var document = new LinkedHashMap<String, Object>();
        document.put("model", model);
        document.put("uid", uid.toString());
        document.put("answers", documents);
        common.print(document);
    }
}
