package org.doctorbird.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What the compiler's own parser can say about our Java files without compiling them.
final class JavaRules {

    static final int METHOD_LINES_MAX = 60;
    static final int CONSTRUCTOR_PARAMETERS_MAX = 7;

    /// Names that fit everything and so say nothing.
    static final Pattern EMPTY_NAME =
            Pattern.compile(
                    ".*(Manager|Service|Helper|Utils?|Processor|Handler|Info|Data|Impl)"
                            + "|Abstract.*|I[A-Z][a-z].*");

    private JavaRules() {}

    /// Returns one sentence for each broken rule, in order of the files.
    ///
    /// @param paths Java files, relative to the tree's root
    static List<String> broken(Tree tree, List<Path> paths) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no JDK");
        try (var files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var units =
                    files.getJavaFileObjectsFromPaths(
                            paths.stream().map(tree.root()::resolve).toList());
            var task =
                    (JavacTask)
                            compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            var broken = new ArrayList<String>();
            for (CompilationUnitTree unit : task.parse()) {
                String path = tree.root().relativize(Path.of(unit.getSourceFile().toUri())) + "";
                var _ = new Scanner(unit, path, positions, broken).scan(unit, null);
            }
            return broken;
        }
    }

    /// One file's types and methods.
    private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final CompilationUnitTree unit;
        private final String path;
        private final SourcePositions positions;
        private final List<String> broken;

        Scanner(
                CompilationUnitTree unit,
                String path,
                SourcePositions positions,
                List<String> broken) {
            this.unit = unit;
            this.path = path;
            this.positions = positions;
            this.broken = broken;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            String name = type.getSimpleName().toString();
            if (EMPTY_NAME.matcher(name).matches()) {
                broken.add(path + ": the name " + name + " says nothing");
            }
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long first = line(positions.getStartPosition(unit, method));
            long lines = line(positions.getEndPosition(unit, method)) - first + 1;
            if (lines > METHOD_LINES_MAX) {
                broken.add(
                        "%s:%d: %s has %d lines, more than %d"
                                .formatted(path, first, method.getName(), lines, METHOD_LINES_MAX));
            }
            int parameters = method.getParameters().size();
            if (method.getName().contentEquals("<init>")
                    && !isOfRecord()
                    && parameters > CONSTRUCTOR_PARAMETERS_MAX) {
                broken.add(
                        "%s:%d: a constructor with %d parameters, more than %d"
                                .formatted(path, first, parameters, CONSTRUCTOR_PARAMETERS_MAX));
            }
            return super.visitMethod(method, null);
        }

        /// A record is what many parameters are gathered in, so its own are not counted.
        private boolean isOfRecord() {
            return getCurrentPath().getParentPath().getLeaf().getKind() == Kind.RECORD;
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
