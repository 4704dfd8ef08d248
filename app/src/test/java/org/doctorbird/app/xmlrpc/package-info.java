/// Tests of XML-RPC as Tryton speaks it.
@NullMarked
package org.doctorbird.app.xmlrpc;

import org.jspecify.annotations.NullMarked;
