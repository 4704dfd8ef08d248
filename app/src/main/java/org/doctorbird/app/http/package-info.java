/// Central's door and the satellite's way to it, over HTTP.
@NullMarked
package org.doctorbird.app.http;

import org.jspecify.annotations.NullMarked;
