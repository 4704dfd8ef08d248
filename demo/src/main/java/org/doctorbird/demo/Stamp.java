package org.doctorbird.demo;

import java.time.LocalDateTime;

/// Who writes a row and when, for `create_uid`, `create_date`, `write_uid` and `write_date`.
///
/// @param user id in `res_user`
/// @param at in UTC, to the microsecond
record Stamp(int user, LocalDateTime at) {}
