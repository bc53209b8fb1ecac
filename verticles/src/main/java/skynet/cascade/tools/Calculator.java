package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Works out an expression, exactly wherever a fraction can say it. */
final class Calculator implements Tool {
    private static final Parameter EXPRESSION =
            Parameter.text("expression", "such as (1/3 + 0.1)^2 or sqrt(2) or 20!", Formula.CHARS_MAX);

    @Override
    public String name() {
        return "calculator";
    }

    @Override
    public String title() {
        return "Calculator";
    }

    @Override
    public String description() {
        return "Works out an expression exactly: + - * / % (remainder) ^ ! and brackets, with abs, ceil, floor, gcd, max, "
                + "min, round and sqrt, and the constants pi and e. Tells when a result is rounded.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(EXPRESSION);
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        Fraction value = Formula.valueOf(arguments.text("expression"));
        JsonObject content =
                new JsonObject().put("result", value.decimal()).put("exact", value.isExact() && value.isDecimal());
        return Future.succeededFuture(Finding.ownWork(
                value.isExact() && !value.isDecimal() ? content.put("fraction", value.fraction()) : content));
    }
}
