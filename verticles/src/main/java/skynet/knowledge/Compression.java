package skynet.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Vectors made smaller: to fewer dimensions along the principal axes of a sample, and each number to one byte. What that
 * costs is the share of the nearest neighbours that are still found.
 *
 * <p>The axes are those of the sample's Gram matrix, by Jacobi's rotations: with fewer sample vectors than dimensions that
 * matrix is the smaller one. A sample of n vectors has at most n axes.
 */
final class Compression {
    /** Neighbours that are looked for. */
    static final int NEIGHBOURS = 10;

    private static final int SWEEPS_MAX = 12;
    private static final double STILL = 1e-9;

    private final float[] mean;
    private final float[][] axes;

    private Compression(float[] mean, float[][] axes) {
        this.mean = mean;
        this.axes = axes;
    }

    /** Learns at most so many axes from a sample. */
    static Compression learn(List<float[]> sample, int dimensions) {
        int count = sample.size();
        if (count < 2) throw new IllegalArgumentException("sample: " + count + " vectors (expected: 2 or more)");
        int width = sample.get(0).length;
        float[] mean = new float[width];
        for (float[] vector : sample) {
            for (int i = 0; i < width; i++) mean[i] += vector[i] / count;
        }
        float[][] centred = new float[count][width];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < width; i++) centred[row][i] = sample.get(row)[i] - mean[i];
        }
        double[][] gram = new double[count][count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column <= row; column++) {
                gram[row][column] = Embedder.similarity(centred[row], centred[column]);
                gram[column][row] = gram[row][column];
            }
        }
        double[][] vectors = rotate(gram);
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) order[i] = i;
        Arrays.sort(order, (left, right) -> Double.compare(gram[right][right], gram[left][left]));
        List<float[]> axes = new ArrayList<>();
        for (int i = 0; i < Math.min(dimensions, count) && gram[order[i]][order[i]] > 1e-7; i++) {
            axes.add(axis(centred, vectors, order[i]));
        }
        return new Compression(mean, axes.toArray(float[][]::new));
    }

    /** Dimensions of a vector made smaller. */
    int dimensions() {
        return axes.length;
    }

    float[] project(float[] vector) {
        float[] centred = vector.clone();
        for (int i = 0; i < centred.length; i++) centred[i] -= mean[i];
        float[] small = new float[axes.length];
        for (int i = 0; i < small.length; i++) small[i] = (float) Embedder.similarity(centred, axes[i]);
        return normalise(small);
    }

    /** The same vector after its numbers were bytes: each a step of a 127th of the largest. */
    static float[] throughBytes(float[] vector) {
        float largest = 0;
        for (float value : vector) largest = Math.max(largest, Math.abs(value));
        float step = largest == 0 ? 1 : largest / Byte.MAX_VALUE;
        float[] coarse = new float[vector.length];
        for (int i = 0; i < coarse.length; i++) coarse[i] = Math.round(vector[i] / step) * step;
        return coarse;
    }

    /** Bytes of a vector whose numbers are one byte each, with its step. */
    static int bytesOf(int dimensions) {
        return dimensions + Float.BYTES;
    }

    /** The share of each vector's nearest neighbours that are among the nearest of its smaller form. */
    static double recall(List<float[]> exact, List<float[]> small) {
        int found = 0;
        int wanted = 0;
        for (int one = 0; one < exact.size(); one++) {
            List<Integer> near = nearest(exact, one);
            List<Integer> nearSmall = nearest(small, one);
            wanted += near.size();
            for (int other : near) if (nearSmall.contains(other)) found++;
        }
        return wanted == 0 ? 1 : (double) found / wanted;
    }

    private static List<Integer> nearest(List<float[]> vectors, int one) {
        List<Integer> others = new ArrayList<>();
        double[] cosines = new double[vectors.size()];
        for (int other = 0; other < vectors.size(); other++) {
            if (other == one) continue;
            cosines[other] = Embedder.similarity(vectors.get(one), vectors.get(other));
            others.add(other);
        }
        others.sort((left, right) -> Double.compare(cosines[right], cosines[left]));
        return others.subList(0, Math.min(NEIGHBOURS, others.size()));
    }

    private static float[] axis(float[][] centred, double[][] vectors, int which) {
        float[] axis = new float[centred[0].length];
        for (int row = 0; row < centred.length; row++) {
            float share = (float) vectors[row][which];
            for (int i = 0; i < axis.length; i++) axis[i] += share * centred[row][i];
        }
        return normalise(axis);
    }

    /** Turns a symmetric matrix until only its diagonal is left, and returns the turns as columns. */
    private static double[][] rotate(double[][] matrix) {
        int size = matrix.length;
        double[][] turns = new double[size][size];
        for (int i = 0; i < size; i++) turns[i][i] = 1;
        double whole = 0;
        for (double[] row : matrix) for (double value : row) whole += value * value;
        for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
            double beside = 0;
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    beside += matrix[p][q] * matrix[p][q];
                    if (Math.abs(matrix[p][q]) > 1e-12) turn(matrix, turns, p, q);
                }
            }
            if (beside <= STILL * whole) break;
        }
        return turns;
    }

    private static void turn(double[][] matrix, double[][] turns, int p, int q) {
        double slope = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        double tangent = Math.copySign(1, slope) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
        double cosine = 1 / Math.sqrt(tangent * tangent + 1);
        double sine = tangent * cosine;
        for (int k = 0; k < matrix.length; k++) {
            double left = matrix[k][p];
            double right = matrix[k][q];
            matrix[k][p] = cosine * left - sine * right;
            matrix[k][q] = sine * left + cosine * right;
        }
        double[] rowP = matrix[p];
        double[] rowQ = matrix[q];
        for (int k = 0; k < matrix.length; k++) {
            double left = rowP[k];
            double right = rowQ[k];
            rowP[k] = cosine * left - sine * right;
            rowQ[k] = sine * left + cosine * right;
        }
        for (int k = 0; k < turns.length; k++) {
            double left = turns[k][p];
            double right = turns[k][q];
            turns[k][p] = cosine * left - sine * right;
            turns[k][q] = sine * left + cosine * right;
        }
    }

    private static float[] normalise(float[] vector) {
        double squares = 0;
        for (float value : vector) squares += (double) value * value;
        float scale = (float) (1 / Math.sqrt(Math.max(squares, 1e-24)));
        for (int i = 0; i < vector.length; i++) vector[i] *= scale;
        return vector;
    }
}
