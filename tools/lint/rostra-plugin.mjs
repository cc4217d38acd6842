// The lint rules of this repository, which oxlint.config.mjs loads.
import { retiredNames } from './retired-names.mjs';

/** Events reach their listeners only after a commit, so nothing may publish or deliver them in another way. */
const publishAfterCommit = {
  create(context) {
    const report = (node, message) => context.report({ node, message });
    return {
      CallExpression(node) {
        const {
          callee,
          arguments: [first],
        } = node;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        const method = callee.property.name;
        if (method === 'publish' && !(first?.type === 'Identifier' && first.name === 'tx'))
          report(node, 'Publish within the transaction that changes the data: events.publish(tx, kind, audience).');
        if (method === 'afterCommit' && !(callee.object.type === 'Identifier' && callee.object.name === 'tx'))
          report(node, 'Call tx.afterCommit of the transaction that Transactions.run made.');
        if (method === 'deliverEvent')
          report(node, 'Only src/events delivers events; everybody else calls events.publish(tx, kind, audience).');
        if (method === 'transaction')
          report(node, 'Use Transactions.run, which retries deadlocks and runs what was given to tx.afterCommit.');
      },
      Literal(node) {
        if (typeof node.value === 'string' && /\bpg_notify\b|^\s*notify\b/i.test(node.value))
          report(node, 'Only src/events sends NOTIFY; publish an event instead.');
      },
    };
  },
};

/** Returns the identifiers that a pattern declares: a name, a destructuring, a default, a rest or a parameter property. */
function declaredBy(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((it) => declaredBy(it.type === 'Property' ? it.value : it));
    case 'ArrayPattern':
      return pattern.elements.flatMap(declaredBy);
    case 'AssignmentPattern':
      return declaredBy(pattern.left);
    case 'RestElement':
      return declaredBy(pattern.argument);
    case 'TSParameterProperty':
      return declaredBy(pattern.parameter);
    default:
      return [];
  }
}

/** The retired names of retired-names.mjs may not be declared again. The use of a library's name is no declaration. */
const noRetiredNames = {
  create(context) {
    const check = (name) => {
      if (name?.type !== 'Identifier' && name?.type !== 'PrivateIdentifier') return;
      const found = retiredNames.find(({ pattern }) => pattern.test(name.name));
      if (found) context.report({ node: name, message: `"${name.name}" is a retired name: ${found.instead}.` });
    };
    const ofId = ({ id }) => declaredBy(id).forEach(check);
    const ofKey = ({ key }) => check(key);
    const ofParameters = ({ params }) => params.flatMap(declaredBy).forEach(check);
    const ofFunction = (node) => {
      ofId(node);
      ofParameters(node);
    };
    return {
      ClassDeclaration: ofId,
      ClassExpression: ofId,
      FunctionDeclaration: ofFunction,
      FunctionExpression: ofFunction,
      ArrowFunctionExpression: ofParameters,
      CatchClause: ({ param }) => declaredBy(param).forEach(check),
      TSInterfaceDeclaration: ofId,
      TSTypeAliasDeclaration: ofId,
      TSEnumDeclaration: ofId,
      VariableDeclarator: ofId,
      MethodDefinition: ofKey,
      PropertyDefinition: ofKey,
      TSPropertySignature: ofKey,
      TSMethodSignature: ofKey,
      ImportSpecifier: ({ imported, local }) => imported.name !== local.name && check(local),
      ExportSpecifier: ({ exported }) => check(exported),
    };
  },
};

export default {
  meta: { name: 'rostra' },
  rules: { 'publish-after-commit': publishAfterCommit, 'no-retired-names': noRetiredNames },
};
