package skynet.bus;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The permanent name of a word on the wire. A released name never changes; a breaking change takes a new one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Wire {
    /** Room first, then the word: {@code genom.encode}. */
    String value();

    /** Who may serve a request; events and answers have none. */
    Reach reach() default Reach.ANY_NODE;
}
