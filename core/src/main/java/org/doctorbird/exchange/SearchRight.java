package org.doctorbird.exchange;

import java.util.List;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Order;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Search;

/// What the plan lets satellites search for in one model.
record SearchRight(String model, Search search) {

    static SearchRight of(ModelPlan plan) {
        return new SearchRight(plan.name(), plan.rules().search());
    }

    /// Returns the query with the fields to show named.
    ///
    /// @throws SyncException `NOT_SEARCHABLE` if it names another field than the plan allows
    SearchQuery allowed(SearchQuery query) {
        requireImport();
        requireSearchable(query.where());
        for (Order order : query.order()) {
            if (!search.searchable().contains(order.field())
                    && !search.shown().contains(order.field())) {
                throw refused("field", order.field());
            }
        }
        for (String field : query.fields()) {
            if (!search.shown().contains(field)) {
                throw refused("field", field);
            }
        }
        List<String> shown = query.fields().isEmpty() ? search.shown() : query.fields();
        return new SearchQuery(query.where(), shown, query.order(), query.offset(), query.limit());
    }

    /// @throws SyncException `NOT_SEARCHABLE` if the model cannot be searched
    void requireImport() {
        if (!search.isAllowed()) {
            throw new SyncException(
                            ErrorCode.NOT_SEARCHABLE, "the plan lets nobody search the model")
                    .with("model", model);
        }
    }

    private void requireSearchable(Condition condition) {
        switch (condition) {
            case Condition.All(List<Condition> parts) -> parts.forEach(this::requireSearchable);
            case Condition.Any(List<Condition> parts) -> parts.forEach(this::requireSearchable);
            case Condition.Compare compare -> {
                if (!search.searchable().contains(compare.field())) {
                    throw refused("field", compare.field());
                }
            }
        }
    }

    private SyncException refused(String key, String name) {
        return new SyncException(
                        ErrorCode.NOT_SEARCHABLE, "the plan does not let the field be used")
                .with("model", model)
                .with(key, name);
    }
}
