package org.doctorbird.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What is synchronised. Kept on central, handed to satellites.
///
/// @param application the kind of application
/// @param models in the order of the file; no name and no table twice
public record Plan(Application application, List<ModelPlan> models) {

    public Plan {
        models = List.copyOf(models);
        var names = new HashSet<String>();
        var tables = new HashSet<String>();
        for (ModelPlan model : models) {
            if (!names.add(model.name())) {
                throw new IllegalArgumentException("model named twice: " + model.name());
            }
            if (!tables.add(model.table())) {
                throw new IllegalArgumentException("table named twice: " + model.table());
            }
        }
    }

    /// Finds a model by its name.
    public Optional<ModelPlan> model(String name) {
        return models.stream().filter(model -> model.name().equals(name)).findFirst();
    }
}
