package org.doctorbird.simulation;

import org.doctorbird.record.InstanceId;

/// A request that comes once more.
record Delayed(InstanceId caller, Runnable request) implements Runnable {
    @Override
    public void run() {
        request.run();
    }
}
