package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.record.InstanceId;

/// Told what happens, without any value of a record: production logs it, the simulation keeps it as
/// its trace.
public interface ExchangeListener {

    /// Listens to nothing.
    ExchangeListener NONE =
            new ExchangeListener() {
                @Override
                public void batchDone(String work, String model, int records) {}

                @Override
                public void recordKept(
                        String model, UUID uid, InstanceId from, ErrorCode code, String reason) {}
            };

    /// A batch was stored.
    ///
    /// @param work `push`, `pull` or `new`
    void batchDone(String work, String model, int records);

    /// A record was parked, put into quarantine or into the conflict list; everything else goes on.
    void recordKept(String model, UUID uid, InstanceId from, ErrorCode code, String reason);
}
