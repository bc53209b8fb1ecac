package skynet.cascade.tools;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a tool is given: only what its parameters name, and each as they say. */
final class Arguments {
    private final Map<String, Object> values;

    private Arguments(Map<String, Object> values) {
        this.values = values;
    }

    /** Reads one JSON object; an empty text is an empty object, as models write it. */
    static Arguments of(String text, List<Parameter> parameters) {
        JsonObject given;
        try {
            given = text.isBlank() ? new JsonObject() : new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("arguments: not a JSON object (expected: " + names(parameters) + ")", e);
        }
        Map<String, Object> values = new HashMap<>();
        for (String name : given.fieldNames()) {
            Parameter parameter = parameters.stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "arguments: one of them is unknown (expected: " + names(parameters) + ")"));
            if (given.getValue(name) != null) {
                values.put(name, parameter.checked(given.getValue(name)));
            }
        }
        for (Parameter parameter : parameters) {
            if (parameter.required() && !values.containsKey(parameter.name())) {
                throw new IllegalArgumentException(
                        parameter.name() + ": missing (expected: " + parameter.description() + ")");
            }
        }
        return new Arguments(values);
    }

    String text(String name) {
        return (String) values.get(name);
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable((String) values.get(name));
    }

    int number(String name, int otherwise) {
        return (Integer) values.getOrDefault(name, otherwise);
    }

    /** The schema of an object with these parameters and no others. */
    static JsonObject schema(List<Parameter> parameters) {
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        for (Parameter parameter : parameters) {
            properties.put(parameter.name(), parameter.schema());
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        JsonObject schema = new JsonObject().put("type", "object").put("properties", properties);
        return (required.isEmpty() ? schema : schema.put("required", required)).put("additionalProperties", false);
    }

    private static String names(List<Parameter> parameters) {
        return parameters.isEmpty()
                ? "none"
                : String.join(", ", parameters.stream().map(Parameter::name).toList());
    }
}
