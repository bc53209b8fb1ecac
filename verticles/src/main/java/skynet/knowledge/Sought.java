package skynet.knowledge;

import java.util.Objects;

/**
 * What a question means: by the model of the JAR, which the answers are made with, and by the model that finds passages, which may
 * be another one. The vector to be compared and the number of its model are one thing, so that vectors never mix.
 */
final class Sought {
    /** The number of the model in the JAR; the others are numbered by the database. */
    static final int OF_THE_JAR = 0;

    private final float[] plain;
    private final int model;
    private final float[] vector;

    private Sought(float[] plain, int model, float[] vector) {
        this.plain = Objects.requireNonNull(plain, "plain");
        this.model = model;
        this.vector = Objects.requireNonNull(vector, "vector");
    }

    /** Sought by the model of the JAR. */
    static Sought by(float[] plain) {
        return new Sought(plain, OF_THE_JAR, plain);
    }

    /** Sought by another model. */
    static Sought by(float[] plain, int model, float[] vector) {
        return new Sought(plain, model, vector);
    }

    /** By the model of the JAR. */
    float[] plain() {
        return plain;
    }

    /** Whose vectors it is compared with. */
    int model() {
        return model;
    }

    boolean isOfTheJar() {
        return model == OF_THE_JAR;
    }

    /** By that model. */
    float[] vector() {
        return vector;
    }
}
