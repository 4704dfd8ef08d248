package org.doctorbird.app.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Tryton's header `Authorization: Session base64(login:id:key)`.
///
/// @param login the name that logged in; may hold colons
/// @param id the synchronisation id
/// @param key the session's key
record SessionHeader(String login, int id, String key) {

    static final String SCHEME = "Session";

    /// Reads the header's value.
    ///
    /// @return empty if it is another scheme or cannot be read
    static Optional<SessionHeader> parse(String header) {
        String prefix = SCHEME + " ";
        if (!header.regionMatches(true, 0, prefix, 0, prefix.length()) || header.length() > 2_000) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(prefix.length()).strip());
            String text = new String(bytes, StandardCharsets.UTF_8);
            int last = text.lastIndexOf(':');
            int first = last < 1 ? -1 : text.lastIndexOf(':', last - 1);
            if (first < 0) {
                return Optional.empty();
            }
            int id = Integer.parseInt(text, first + 1, last, 10);
            return Optional.of(
                    new SessionHeader(text.substring(0, first), id, text.substring(last + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Returns the header's value.
    String text() {
        String text = login + ":" + id + ":" + key;
        return SCHEME
                + " "
                + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the instance only.
    @Override
    public String toString() {
        return "session of " + id;
    }
}
