package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.record.InstanceId;

/// Whom stretches of the feeds of restricted models may concern, so that each of hundreds of
/// satellites need not look at everything that is for another one.
///
/// A stretch is noted when it is published. It concerns those that are known to hold a record in
/// it, that should, or that have handed in a late receipt. Whatever makes a record another's gives
/// it a new place in the feed, above everything that is published: that is how a satellite may pass
/// by what is not for it, and here one look passes by for all.
final class FeedAudience {

    /// A stretch grows until it has so many records, or those of one more transaction.
    static final int RECORDS_MIN = 500;

    /// Stretches looked at for one page, and places between them at which its statement begins.
    private static final int STRETCHES_MAX = 1_000;

    private static final int RANGES_MAX = 8;

    private static final String WIDTH = "greatest(length(a.instances), length(cut.instances))";

    private final Statements statements;

    FeedAudience(Statements statements) {
        this.statements = statements;
    }

    /// Transactions of a feed.
    ///
    /// @param since the first
    /// @param until the first behind it
    record Range(long since, long until) {

        /// Returns the condition that a companion `c` is in it.
        String condition() {
            return "c.changed >= '%d'::xid8 and c.changed < '%d'::xid8".formatted(since, until);
        }
    }

    /// Notes whom a part of a model's feed concerns that is being published: nobody else publishes
    /// meanwhile. It is cut into stretches, since there may be something for everybody in all of
    /// it. What lies between the model's stretches and this part has no records.
    void note(SyncedTable table, Range published) throws SQLException {
        statements.update(
                """
                with x as materialized (%2$s), placed as (
                  select x.*,
                    (sum(x.records) over (order by x.changed) - 1)::bigint / %3$d as stretch
                  from x
                ), widest as (
                  select max(greatest(length(x.held), length(x.wanted))) as width from x
                ), stretches as (
                  select row_number() over (order by p.stretch) as n,
                    sum(p.records)::bigint as records, max(p.changed) as last,
                    bit_or((%4$s) | (%5$s)) as instances
                  from placed p, widest w group by p.stretch
                ), cut as (
                  select s.*, (lag(s.last) over (order by s.n) + 1)::text::xid8 as since,
                    case when lead(s.n) over (order by s.n) is null then ?::xid8
                      else (s.last + 1)::text::xid8 end as until
                  from stretches s
                ), last as (
                  select a.until from doctorbird.engine_audience a where a.model = %1$s
                  order by a.until desc limit 1
                ), grown as (
                  update doctorbird.engine_audience a set until = cut.until,
                    records = a.records + cut.records, instances = %6$s | %7$s
                  from cut, last
                  where cut.n = 1 and a.model = %1$s and a.until = last.until
                    and a.records < %3$d
                  returning a.model)
                insert into doctorbird.engine_audience (model, since, until, records, instances)
                select %1$s, coalesce(cut.since, (select until from last), ?::xid8), cut.until,
                  cut.records, cut.instances
                from cut where cut.n > 1 or not exists (select from grown)
                """
                        .formatted(
                                Sql.literal(table.model()),
                                sets(table, published),
                                RECORDS_MIN,
                                Bits.padded("p.held", "w.width"),
                                Bits.padded("p.wanted", "w.width"),
                                Bits.padded("a.instances", WIDTH),
                                Bits.padded("cut.instances", WIDTH)),
                Long.toString(published.until()),
                Long.toString(published.since()));
    }

    /// Returns a query for the different sets of each transaction: few, however many records it
    /// has.
    private static String sets(SyncedTable table, Range part) {
        return """
        select c.changed::text::bigint as changed, count(*) as records,
          coalesce(c.synchronised_instances, B'') as held,
          coalesce(c.interested_instances, B'') as wanted
        from %1$s c where %2$s group by c.changed, 3, 4
        union all
        select distinct c.changed::text::bigint, 0,
          set_bit(repeat('0', l.instance + 1)::varbit, l.instance, 1), B''
        from doctorbird.engine_late_receipt l join %1$s c on c.uid = l.uid
        where l.model = %3$s and %2$s\
        """
                .formatted(table.companion(), part.condition(), Sql.literal(table.model()));
    }

    /// Forgets everything: it was noted under other rules, or of another cluster's transactions.
    void forget() throws SQLException {
        statements.update("delete from doctorbird.engine_audience");
    }

    /// Returns what may concern an instance in a part of a model's feed, in order.
    ///
    /// @return the first [#RANGES_MAX] ranges
    Ranges concerning(InstanceId instance, String model, Range part) throws SQLException {
        List<Range> others =
                statements.query(
                        """
                        select a.since::text::bigint, a.until::text::bigint
                        from doctorbird.engine_audience a
                        where a.model = ? and a.until > ?::xid8 and a.until <= ?::xid8
                          and not (%s)
                        order by a.until limit ?
                        """
                                .formatted(
                                        Bits.isSet(
                                                "a.instances",
                                                Integer.toString(instance.number()))),
                        row -> new Range(row.getLong(1), row.getLong(2)),
                        model,
                        Long.toString(part.since()),
                        Long.toString(part.until()),
                        STRETCHES_MAX);
        return Ranges.without(others, part);
    }

    /// Ranges of a feed that have to be looked at.
    ///
    /// @param all in order
    /// @param areAll there are no others behind them
    record Ranges(List<Range> all, boolean areAll) {

        Ranges {
            all = List.copyOf(all);
        }

        static Ranges of(Range all) {
            return new Ranges(List.of(all), true);
        }

        /// Leaves stretches out of a part.
        ///
        /// @param others in order
        static Ranges without(List<Range> others, Range part) {
            var ranges = new ArrayList<Range>();
            long place = part.since();
            for (Range other : others) {
                if (other.since() > place) {
                    ranges.add(new Range(place, other.since()));
                }
                place = Math.max(place, other.until());
            }
            if (place < part.until()) {
                ranges.add(new Range(place, part.until()));
            }
            return ranges.size() > RANGES_MAX
                    ? new Ranges(ranges.subList(0, RANGES_MAX), false)
                    : new Ranges(ranges, true);
        }
    }
}
