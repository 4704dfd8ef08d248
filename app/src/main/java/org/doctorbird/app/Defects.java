package org.doctorbird.app;

/// Where a defect happened, without the words of any exception: they may quote a record.
public final class Defects {

    private static final int FRAMES_MAX = 30;
    private static final int CAUSES_MAX = 5;

    private Defects() {}

    /// Returns the classes and places of an exception and its causes.
    public static String text(Throwable defect) {
        var text = new StringBuilder();
        Throwable cause = defect;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            text.append(text.isEmpty() ? "" : " caused by ").append(cause.getClass().getName());
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES_MAX, frames.length); i++) {
                text.append(" at ").append(frames[i]);
            }
            cause = cause.getCause();
        }
        return text.toString();
    }
}
