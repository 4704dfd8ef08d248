package org.doctorbird.app.settings;

import java.util.Set;
import org.doctorbird.app.http.LinkSettings;

/// What only a satellite has.
///
/// @param link the way to central
/// @param withheld models of the plan that this satellite takes no part in
public record SatelliteSettings(LinkSettings link, Set<String> withheld) {

    public SatelliteSettings {
        withheld = Set.copyOf(withheld);
    }
}
