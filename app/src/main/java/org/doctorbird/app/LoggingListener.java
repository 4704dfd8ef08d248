package org.doctorbird.app;

import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.record.InstanceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs what happens: keys and counts, never a value.
public final class LoggingListener implements ExchangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingListener.class);

    @Override
    public void batchDone(String work, String model, int records) {
        if (records > 0) {
            LOG.atDebug()
                    .addKeyValue("work", work)
                    .addKeyValue("model", model)
                    .addKeyValue("records", records)
                    .log("batch stored");
        }
    }

    @Override
    public void recordKept(String model, UUID uid, InstanceId from, ErrorCode code, String reason) {
        LOG.atInfo()
                .addKeyValue("model", model)
                .addKeyValue("uid", uid)
                .addKeyValue("from", from)
                .addKeyValue("code", code.code())
                .addKeyValue("reason", reason)
                .log("record kept aside");
    }
}
