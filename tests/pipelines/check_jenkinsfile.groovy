// Is a Jenkinsfile a Declarative Pipeline? Parsed by Groovy, then its sections are compared with those that Jenkins knows
// (https://www.jenkins.io/doc/book/pipeline/syntax/). Prints its stages and shell scripts as JSON, or what is wrong.
import groovy.json.JsonOutput
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.*

@groovy.transform.Field def SECTIONS = [
  pipeline: ['agent', 'environment', 'libraries', 'options', 'parameters', 'post', 'stages', 'tools', 'triggers'],
  stages: ['stage'],
  stage: ['agent', 'environment', 'failFast', 'input', 'options', 'parallel', 'matrix', 'post', 'stages', 'steps', 'tools', 'when'],
  post: ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup'],
  input: ['message', 'id', 'ok', 'submitter', 'submitterParameter', 'parameters'],
  when: ['branch', 'buildingTag', 'changelog', 'changeset', 'changeRequest', 'environment', 'equals', 'expression', 'tag',
         'triggeredBy', 'not', 'allOf', 'anyOf', 'beforeAgent', 'beforeInput', 'beforeOptions'],
  agent: ['label', 'node', 'docker', 'dockerfile', 'kubernetes'],
  parameters: ['string', 'text', 'booleanParam', 'choice', 'password'],
  options: ['buildDiscarder', 'disableConcurrentBuilds', 'disableResume', 'quietPeriod', 'retry', 'skipDefaultCheckout',
            'skipStagesAfterUnstable', 'timeout', 'timestamps', 'parallelsAlwaysFailFast', 'preserveStashes'],
]
@groovy.transform.Field def STEPS = ['sh', 'script', 'echo', 'error', 'unstable', 'input', 'junit', 'archiveArtifacts', 'checkout', 'stash', 'unstash', 'retry',
         'timeout', 'withCredentials', 'withEnv', 'dir', 'deleteDir', 'catchError', 'lock']
@groovy.transform.Field def NEEDED = [pipeline: ['agent', 'stages'], stages: ['stage'], input: ['message']]
@groovy.transform.Field def wrong = []
@groovy.transform.Field def stages = []
@groovy.transform.Field def scripts = []

def argumentsOf(MethodCallExpression call) {
  call.arguments instanceof TupleExpression ? call.arguments.expressions : [call.arguments]
}

def bodyOf(MethodCallExpression call) {
  def closure = argumentsOf(call).find { it instanceof ClosureExpression }
  closure ? closure.code.statements : null
}

/// The calls that stand in a section; anything else there is an error, but for assignments in `environment`.
def callsIn(String section, List statements) {
  def calls = []
  statements.each { statement ->
    def expression = statement instanceof ExpressionStatement ? statement.expression
        : statement instanceof ReturnStatement ? statement.expression : null
    if (expression instanceof MethodCallExpression) {
      calls << expression
    } else if (!(section == 'environment' && expression instanceof BinaryExpression && expression.operation.text == '=')) {
      wrong << "line ${statement.lineNumber}: ${section} cannot have ${expression?.text ?: statement.text}".toString()
    }
  }
  calls
}

def section(String name, List statements) {
  def calls = callsIn(name, statements)
  def names = calls.collect { it.methodAsString }
  (NEEDED[name] ?: []).each { if (!(it in names)) wrong << "${name} has no ${it}".toString() }
  calls.each { call ->
    def kind = call.methodAsString
    if (!(kind in SECTIONS[name])) wrong << "line ${call.lineNumber}: ${name} has no section ${kind}".toString()
    def body = bodyOf(call)
    if (kind == 'stage') {
      stages << argumentsOf(call)[0].value
      def inner = body.collect { it.expression.methodAsString }
      if (!inner.any { it in ['steps', 'stages', 'parallel', 'matrix'] }) {
        wrong << "line ${call.lineNumber}: a stage has steps or stages".toString()
      }
    }
    if (body == null) return
    if (kind == 'steps' || name == 'post') steps(body)
    else if (kind == 'environment') callsIn(kind, body)
    else if (kind in SECTIONS) section(kind, body)
  }
}

/// Shell texts, wherever they stand; and that each step of a `steps` block is one that there is.
def steps(List statements) {
  callsIn('steps', statements).each { call ->
    if (!(call.methodAsString in STEPS)) wrong << "line ${call.lineNumber}: there is no step ${call.methodAsString}".toString()
  }
  def visitor = new org.codehaus.groovy.ast.CodeVisitorSupport() {
    void visitMethodCallExpression(MethodCallExpression call) {
      if (call.methodAsString == 'sh') {
        argumentsOf(call).each { argument ->
          if (argument instanceof ConstantExpression) scripts << argument.value
          if (argument instanceof MapExpression) {
            argument.mapEntryExpressions.each { if (it.keyExpression.value == 'script') scripts << it.valueExpression.value }
          }
        }
      }
      super.visitMethodCallExpression(call)
    }
  }
  statements.each { it.visit(visitor) }
}

def unit = new CompilationUnit()
def source = unit.addSource(new File(args[0]))
try {
  unit.compile(Phases.CONVERSION)
} catch (MultipleCompilationErrorsException e) {
  println e.message
  System.exit(1)
}
def top = source.AST.statementBlock.statements
if (top.size() != 1 || top[0].expression.methodAsString != 'pipeline') {
  println 'not one pipeline { … }'
  System.exit(1)
}
section('pipeline', bodyOf(top[0].expression))
if (wrong) {
  println wrong.join('\n')
  System.exit(1)
}
println JsonOutput.toJson([stages: stages, scripts: scripts])
