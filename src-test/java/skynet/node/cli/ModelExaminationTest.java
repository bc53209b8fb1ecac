package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.cascade.model.TestModel;

class ModelExaminationTest {
    @TempDir
    Path home;

    @Test
    void aModelIsGoodAndAFileThatIsNoneIsNamed() throws Exception {
        Check good = new ModelExamination(TestModel.config(TestModel.PLACE, home), "auto").check();
        assertEquals(Check.Status.GOOD, good.status(), good.found());
        assertEquals("model, 256 tokens, layout chatml", good.found());
        Path broken = TestModel.copy(home);
        Files.writeString(broken.resolve("model.onnx"), "no model");
        Check bad = new ModelExamination(TestModel.config(broken, home), "auto").check();
        assertEquals(Check.Status.BAD, bad.status());
        assertTrue(bad.found().contains("model.onnx: ") && bad.found().contains("(expected: "), bad.found());
    }
}
