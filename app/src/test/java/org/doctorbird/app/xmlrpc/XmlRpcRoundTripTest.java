package org.doctorbird.app.xmlrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.doctorbird.app.message.AnyTree;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.xmlrpc.XmlRpcWriter.Form;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is written is read again as it was.
final class XmlRpcRoundTripTest {

    private static final MessageLimits LIMITS = MessageLimits.ofBytes(16 << 20);

    static List<Long> seeds() {
        long asked = Long.getLong("seed", -1L);
        return asked >= 0
                ? List.of(asked)
                : java.util.stream.LongStream.range(0, 30).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTreeIsReadAsItWasWritten(long seed) throws IOException {
        List<@Nullable Object> params = new AnyTree(seed).params(40);

        for (Form form : Form.values()) {
            var out = new ByteArrayOutputStream();
            XmlRpcWriter.writeCall(out, form, "model.party.party.synchronise_push", params);

            MethodCall read =
                    XmlRpcReader.readCall(new ByteArrayInputStream(out.toByteArray()), LIMITS);
            assertThat(AnyTree.exact(read.params()))
                    .as(form.name())
                    .isEqualTo(AnyTree.exact(params));
        }
    }
}
