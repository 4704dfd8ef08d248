package org.doctorbird.simulation;

/// Something that must hold in a simulated world does not: a fault of the engine, or of the world.
public final class InvariantBroken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param what does not hold
    /// @param tail the seed, and what happened last
    public InvariantBroken(String what, String tail) {
        super(what + "\n" + tail);
    }
}
