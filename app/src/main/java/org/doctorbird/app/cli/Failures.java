package org.doctorbird.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.json.JsonMapper;

/// Tells people what went wrong and what to do, and chooses the exit code. Never prints a cause: a
/// driver's message may quote a record.
final class Failures implements IExecutionExceptionHandler {

    /// The options that every command has and that change how failures are told.
    static final String JSON = "--json";

    static final String TRACE = "--trace";

    private static final int NEEDS_PERSON = 3;
    private static final int MAY_PASS = 4;
    private static final int DEFECT = 70;

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult parsed) {
        SyncException told =
                failure instanceof SyncException known
                        ? known
                        : new SyncException(ErrorCode.INTERNAL, "a defect in this program")
                                .with("defect", failure.getClass().getName());
        if (has(command, JSON)) {
            System.out.println(document(told));
        } else {
            System.err.println(told.getMessage());
            System.err.println(told.code().remedy());
        }
        if (has(command, TRACE)) {
            for (StackTraceElement element : failure.getStackTrace()) {
                System.err.println("    at " + element);
            }
        }
        return switch (told.code().action()) {
            case RETRY -> MAY_PASS;
            case PARK, FIX -> NEEDS_PERSON;
            case STOP -> DEFECT;
        };
    }

    private static boolean has(CommandLine command, String option) {
        ParseResult parsed = command.getParseResult();
        return parsed != null && parsed.hasMatchedOption(option);
    }

    private static String document(SyncException failure) {
        var facts = new TreeMap<String, String>();
        failure.context().forEach((key, value) -> facts.put(key, String.valueOf(value)));
        var error = new LinkedHashMap<String, Object>();
        error.put("code", failure.code().code());
        error.put("summary", failure.summary());
        error.put("facts", facts);
        error.put("remedy", failure.code().remedy());
        return JsonMapper.shared()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Map.of("error", error));
    }
}
