package org.doctorbird.simulation;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import org.doctorbird.app.compact.CompactReader;
import org.doctorbird.app.compact.CompactWriter;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcWriter;
import org.jspecify.annotations.Nullable;

/// The bytes of messages, made by the encoders of the programs: compact with zstd, which travels,
/// and XML-RPC with gzip, which is only counted.
final class Wire implements AutoCloseable {

    private static final int ZSTD_LEVEL = 3;
    private static final int GZIP_FRAME = 18;
    private static final MessageLimits LIMITS = MessageLimits.ofBytes(64L << 20);

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final byte[] buffer = new byte[1 << 16];

    Wire() {
        zstd.setLevel(ZSTD_LEVEL).setChecksum(true);
    }

    /// A message as it travels.
    static final class Message {

        /// Nothing was sent.
        static final Message NONE = new Message(new byte[0], 0);

        private final byte[] bytes;
        private final long xmlBytes;

        private Message(byte[] bytes, long xmlBytes) {
            this.bytes = bytes;
            this.xmlBytes = xmlBytes;
        }

        /// Returns the bytes; do not change them.
        byte[] bytes() {
            return bytes;
        }

        /// Returns how many bytes it would be as XML-RPC.
        long xmlBytes() {
            return xmlBytes;
        }
    }

    private interface Body {
        void write(OutputStream out) throws IOException;
    }

    private static byte[] written(Body body) {
        var bytes = new ByteArrayOutputStream();
        try {
            body.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Message message(Body compact, Body xml) {
        return new Message(zstd.compress(written(compact)), GZIP_FRAME + deflated(written(xml)));
    }

    private long deflated(byte[] bytes) {
        deflater.reset();
        deflater.setInput(bytes);
        deflater.finish();
        while (!deflater.finished()) {
            var _ = deflater.deflate(buffer);
        }
        return deflater.getBytesWritten();
    }

    Message call(String method, List<? extends @Nullable Object> params) {
        return message(
                out -> CompactWriter.writeCall(out, method, params),
                out -> XmlRpcWriter.writeCall(out, XmlRpcWriter.Form.TABLES, method, params));
    }

    Message response(@Nullable Object value) {
        var response = new MethodResponse.Result(value);
        return message(
                out -> CompactWriter.writeResponse(out, response),
                out -> XmlRpcWriter.writeResponse(out, XmlRpcWriter.Form.TABLES, response));
    }

    /// @throws IOException for a message that is not as it was sent
    MethodCall readCall(byte[] bytes) throws IOException {
        return CompactReader.readCall(plain(bytes), LIMITS);
    }

    /// @throws IOException for a message that is not as it was sent
    MethodResponse readResponse(byte[] bytes) throws IOException {
        return CompactReader.readResponse(plain(bytes), LIMITS);
    }

    private static ByteArrayInputStream plain(byte[] bytes) throws IOException {
        long size = Zstd.getFrameContentSize(bytes);
        if (size < 0 || size > LIMITS.bytesMax()) {
            throw new IOException("not a frame of zstd");
        }
        try {
            return new ByteArrayInputStream(Zstd.decompress(bytes, (int) size));
        } catch (ZstdException e) {
            throw new IOException("a damaged frame of zstd", e);
        }
    }

    @Override
    public void close() {
        zstd.close();
        deflater.end();
    }
}
