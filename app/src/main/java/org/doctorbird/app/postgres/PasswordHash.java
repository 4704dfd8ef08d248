package org.doctorbird.app.postgres;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Passwords as they are kept: `pbkdf2-sha256$600000$<salt>$<hash>`, salt and hash in base64.
///
/// Source: OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256.
public final class PasswordHash {

    private static final String SCHEME = "pbkdf2-sha256";
    private static final int ROUNDS = 600_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    /// Compared when there is no such login, so that the answer takes as long. Its password is not
    /// known to anybody.
    private static final String NOBODY =
            SCHEME
                    + "$"
                    + ROUNDS
                    + "$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private PasswordHash() {}

    /// Returns the kept form of a password. Takes about a third of a second on purpose.
    public static String make(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var base64 = Base64.getEncoder();
        return SCHEME
                + "$"
                + ROUNDS
                + "$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(hash(password, salt, ROUNDS));
    }

    /// Says whether this is the password that was kept. Takes as long for a wrong one.
    ///
    /// @param kept what [#make] returned
    /// @throws IllegalArgumentException if `kept` is nothing that [#make] returned
    public static boolean matches(String kept, String password) {
        String[] parts = kept.split("\\$", -1);
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            throw new IllegalArgumentException("not a kept password");
        }
        var base64 = Base64.getDecoder();
        byte[] hash = hash(password, base64.decode(parts[2]), Integer.parseInt(parts[1]));
        return MessageDigest.isEqual(hash, base64.decode(parts[3]));
    }

    /// Takes as long as [#matches], for a login that does not exist.
    static void waste(String password) {
        if (matches(NOBODY, password)) {
            throw new IllegalStateException("nobody has logged in");
        }
    }

    private static byte[] hash(String password, byte[] salt, int rounds) {
        var spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }
}
