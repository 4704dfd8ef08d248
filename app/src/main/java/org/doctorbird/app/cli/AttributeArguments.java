package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.doctorbird.app.postgres.ConditionText;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Reads attributes of an instance as they are written on the command line: `institution=12`.
final class AttributeArguments {

    private AttributeArguments() {}

    /// Reads them.
    ///
    /// @param arguments each `name=value`; an empty value removes the attribute
    /// @throws ParameterException if one is written in another way, or two name the same attribute
    static Map<String, Optional<String>> read(CommandLine command, List<String> arguments) {
        var attributes = new TreeMap<String, Optional<String>>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 || !ConditionText.NAME.matcher(name).matches()) {
                throw new ParameterException(
                        command,
                        "Write an attribute as name=value, its name in small letters, digits and"
                                + " underscores.");
            }
            String value = argument.substring(equals + 1);
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw new ParameterException(command, "The value of " + name + " is not one line.");
            }
            if (attributes.put(name, Optional.of(value).filter(text -> !text.isEmpty())) != null) {
                throw new ParameterException(command, name + " is given twice.");
            }
        }
        return attributes;
    }
}
