package org.doctorbird.app.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// How a body is compressed on its way, the best one first.
enum Compression {

    /// As small as gzip and four to eight times as fast; not on every platform.
    ZSTD("zstd"),

    /// Everybody has it.
    GZIP("gzip"),

    /// As it is.
    NONE("identity");

    private static final int BUFFER = 1 << 15;
    private static final int ZSTD_LEVEL = 3;

    /// 8 MiB: what RFC 8878 asks every decoder to take, and no more.
    private static final int ZSTD_WINDOW_LOG_MAX = 23;

    private static final boolean HAS_ZSTD = loadsZstd();

    private final String token;

    Compression(String token) {
        this.token = token;
    }

    /// Says whether the platform's own library can be loaded.
    private static boolean loadsZstd() {
        try {
            Native.load();
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }

    private boolean isAvailable() {
        return this != ZSTD || HAS_ZSTD;
    }

    /// Returns its name in HTTP.
    String token() {
        return token;
    }

    /// Returns what this program can read, as the value of `Accept-Encoding`.
    static String accepted() {
        return HAS_ZSTD ? "zstd, gzip" : "gzip";
    }

    /// Returns the best one that the other side takes.
    ///
    /// @param accept the value of its header `Accept-Encoding`; empty for none
    static Compression bestOf(String accept) {
        String text = accept.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(one -> one.isAvailable() && text.contains(one.token))
                .findFirst()
                .orElse(NONE);
    }

    /// Returns the one that a body has; empty if we cannot read it.
    ///
    /// @param encoding the value of its header `Content-Encoding`; empty for none
    static Optional<Compression> of(String encoding) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.of(NONE);
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "zstd" -> HAS_ZSTD ? Optional.of(ZSTD) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /// Returns what decompresses a stream. Close it: it holds memory outside of the heap.
    InputStream reading(InputStream in) throws IOException {
        return switch (this) {
            case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG_MAX);
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case NONE -> in;
        };
    }

    /// Returns what compresses into a stream. Close it: it holds memory outside of the heap.
    OutputStream writing(OutputStream out) throws IOException {
        return switch (this) {
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL).setChecksum(true);
            case GZIP -> new GZIPOutputStream(out, BUFFER);
            case NONE -> out;
        };
    }
}
