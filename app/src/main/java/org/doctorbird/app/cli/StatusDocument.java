package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.app.postgres.PostgresStatus.Contact;
import org.doctorbird.app.postgres.PostgresStatus.ModelStatus;
import org.doctorbird.app.postgres.PostgresStatus.OpenTransaction;
import org.doctorbird.app.postgres.PostgresStatus.OwnConflict;
import org.doctorbird.app.postgres.PostgresStatus.WorkStatus;
import org.doctorbird.app.postgres.Role;
import org.jspecify.annotations.Nullable;

/// What `status --json` prints.
final class StatusDocument {

    private StatusDocument() {}

    static Map<String, Object> of(
            Role role,
            List<String> advice,
            List<ModelStatus> models,
            List<Contact> contacts,
            Optional<OpenTransaction> open,
            Optional<WorkStatus> cycle,
            List<OwnConflict> own) {
        var document = new LinkedHashMap<String, Object>();
        document.put("role", role.word());
        document.put("well", advice.isEmpty());
        document.put("advice", advice);
        document.put("models", models.stream().map(StatusDocument::model).toList());
        cycle.ifPresent(last -> document.put("cycle", work(last)));
        if (role == Role.SATELLITE) {
            document.put("own_conflicts", own.stream().map(StatusDocument::conflict).toList());
        }
        if (role == Role.CENTRAL) {
            document.put("instances", contacts(contacts));
        }
        open.ifPresent(transaction -> document.put("openTransaction", transaction(transaction)));
        return document;
    }

    private static Map<String, Object> conflict(OwnConflict conflict) {
        return Map.of(
                "model", conflict.model(),
                "uid", conflict.uid().toString(),
                "kind", conflict.kind(),
                "since", conflict.since().toString());
    }

    private static Map<String, @Nullable Object> transaction(OpenTransaction transaction) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("who", transaction.who());
        document.put("database", transaction.database());
        document.put("application", transaction.application());
        document.put("since", transaction.since().map(Object::toString).orElse(null));
        return document;
    }

    private static Map<String, Object> model(ModelStatus model) {
        var document = new LinkedHashMap<String, Object>();
        document.put("model", model.model());
        document.put("records", model.records());
        document.put("waiting", model.waiting());
        document.put("localOnly", model.localOnly());
        document.put("held", model.held());
        document.put("parked", model.parked());
        document.put("quarantined", model.quarantined());
        document.put("conflicts", model.conflicts());
        document.put("refused", model.refused());
        document.put("withdrawn", model.withdrawn());
        var work = new LinkedHashMap<String, Object>();
        model.work().forEach(status -> work.put(status.work(), work(status)));
        document.put("work", work);
        return document;
    }

    private static Map<String, @Nullable Object> work(WorkStatus status) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("lastSuccess", status.lastSuccess().map(Object::toString).orElse(null));
        document.put("lastFailure", status.lastFailure().map(Object::toString).orElse(null));
        document.put("failure", status.failure().map(code -> code.code()).orElse(null));
        document.put("records", status.records());
        return document;
    }

    /// What `instance list` and `instance show` print of an instance.
    static Map<String, @Nullable Object> participant(Participant instance) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("id", instance.id().number());
        document.put("name", instance.name());
        document.put("lastSeen", instance.lastSeen().map(Object::toString).orElse(null));
        document.put(
                "clockOffsetSeconds",
                instance.clockOffset().map(offset -> offset.toMillis() / 1000.0).orElse(null));
        document.put("attributes", instance.attributes());
        document.put("retiredAt", instance.retired().map(Object::toString).orElse(null));
        return document;
    }

    static List<Map<String, @Nullable Object>> contacts(List<Contact> contacts) {
        var documents = new ArrayList<Map<String, @Nullable Object>>();
        for (Contact contact : contacts) {
            var document = new LinkedHashMap<String, @Nullable Object>();
            document.put("id", contact.instance().number());
            document.put("name", contact.name());
            document.put("lastSeen", contact.lastSeen().map(Object::toString).orElse(null));
            document.put(
                    "clockOffsetSeconds",
                    contact.clockOffset().map(offset -> offset.toMillis() / 1000.0).orElse(null));
            documents.add(document);
        }
        return documents;
    }
}
